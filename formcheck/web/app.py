"""The app: what is served, behind its guard, and what begins and ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from formcheck import __version__
from formcheck.errors import FormcheckError, InputError, UsageError
from formcheck.store.opening import open_store
from formcheck.web import api, athletes, comparing, live, marking, pages, tidying
from formcheck.web.allowance import Allowance
from formcheck.web.comparisons import Comparisons
from formcheck.web.crew import Crew
from formcheck.web.guard import Guard, RefusedError
from formcheck.web.lives import Lives
from formcheck.web.queue import Queue
from formcheck.web.rendering import render
from formcheck.web.services import Services
from formcheck.web.settings import Settings

ABOUT = (
    "Clips of hamstring exercises in, counted reps, named faults and a report out. Nothing leaves "
    "the machine that this runs on."
)


def create_app(settings: Settings) -> FastAPI:
    """A server's app; `settings` as `checked` gives them. Raises FormcheckError where the database
    cannot be opened."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(tidying.tidy, settings, queue)
        shared: Services = app.state.services
        await run_in_threadpool(shared.lives.adopt)
        crew.start()
        looks = asyncio.create_task(shared.lives.look_after())
        yield
        looks.cancel()
        await run_in_threadpool(shared.lives.close)
        await run_in_threadpool(shared.comparisons.close)
        await run_in_threadpool(crew.stop)
        shared.queue.close()

    queue = Queue(open_store(settings.database_url))
    crew = Crew(settings, queue)
    app = FastAPI(
        title="formcheck", version=__version__, description=ABOUT, lifespan=lifespan,
        docs_url=None, redoc_url=None,
    )  # fmt: skip
    app.state.settings = settings
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(FormcheckError, _failed)
    app.add_exception_handler(HTTPException, _told)
    app.include_router(api.router)
    app.include_router(marking.router)
    app.include_router(athletes.router)
    app.include_router(comparing.router, include_in_schema=False)
    app.include_router(pages.router, include_in_schema=False)
    app.include_router(live.router, include_in_schema=False)
    static = Path(str(resources.files("formcheck.web"))) / "static"
    app.mount("/static", StaticFiles(directory=static))
    limits = settings.limits
    wrong = Allowance(limits.wrong_tokens, limits.wrong_tokens / 60)
    app.state.services = Services(
        settings, queue, Lives(settings, queue), wrong, crew.well, Comparisons()
    )
    app.add_middleware(Guard, settings=settings, wrong=wrong)
    return app


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RefusedError)
    return JSONResponse({"detail": error.detail}, error.status)


async def _told(request: Request, error: Exception) -> Response:
    """Programs are told in JSON; who looks at a page, on a page."""
    assert isinstance(error, HTTPException)
    asks = request.headers.get("accept", "")
    if "text/html" not in asks or request.url.path.startswith("/api/"):
        return await http_exception_handler(request, error)
    words = "There is no such page." if error.detail == "Not Found" else error.detail
    return HTMLResponse(render("error.html", here="", words=words), error.status_code)


async def _failed(request: Request, error: Exception) -> JSONResponse:
    asked = isinstance(error, UsageError | InputError)
    return JSONResponse({"detail": str(error)}, 422 if asked else 503)
