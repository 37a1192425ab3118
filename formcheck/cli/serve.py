"""formcheck serve: the web app."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.shared import STOPPED, finish, told
from formcheck.errors import MissingPartError


def serve(  # noqa: PLR0913, PLR0917 - an option of the command line is an argument here
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="Where it listens; others than this machine need a token."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Its port.", min=1, max=65_535)] = 8000,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where clips and reports lie.", readable=False),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(metavar="URL", help="postgresql+psycopg://…; else a SQLite file in DIR."),
    ] = None,
    workers: Annotated[int, typer.Option(metavar="N", help="Clips at a time.", min=1, max=60)] = 1,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="On a Ray cluster, HOST:PORT or auto; DIR is a shared folder."
        ),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name by which it is reached."),
    ] = None,
    certfile: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="For HTTPS: the certificate.", readable=False),
    ] = None,
    keyfile: Annotated[
        Path | None, typer.Option(metavar="FILE", help="For HTTPS: its key.", readable=False)
    ] = None,
    keep_days: Annotated[
        float | None,
        typer.Option(metavar="N", help="Delete clips and reports after so many days.", min=0.01),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and the log.")] = False,
) -> None:
    """Serve the web app: upload a clip, read the report, or be watched by the browser's camera."""
    with told(debug):
        try:
            from formcheck.web.serve import serve as run
            from formcheck.web.settings import Settings, default_data
        except ModuleNotFoundError as error:
            raise MissingPartError(
                f"The web app needs {error.name}, which is not here. "
                "Install it: pip install 'formcheck[web]'."
            ) from error
        settings = Settings(
            data=default_data() if data is None else data,
            host=host,
            port=port,
            database=database,
            workers=workers,
            ray=ray,
            names=tuple(name or ()),
            certfile=certfile,
            keyfile=keyfile,
            keep_days=keep_days,
        )
        try:
            run(settings)
        except KeyboardInterrupt:
            typer.echo(
                "\nStopped. What is not done waits in the queue for the next start.", err=True
            )
            finish(STOPPED)
