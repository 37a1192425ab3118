"use strict";
(() => {
  const video = document.getElementById("video");
  const jumps = document.getElementById("jumps");
  if (!video || !jumps) return;
  jumps.hidden = false;
  jumps.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-at]");
    if (!button) return;
    video.pause();
    video.currentTime = Number(button.dataset.at) + 0.001;
    video.scrollIntoView({ block: "nearest" });
  });
})();
