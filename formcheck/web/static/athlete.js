// Forgetting an athlete.
(() => {
  "use strict";
  const button = document.getElementById("forget"), name = button.dataset.name;
  button.addEventListener("click", async () => {
    if (!confirm(`Delete ${name}, with all clips, reports and marks of theirs?`)) return;
    const answer = await fetch(`/api/athletes?name=${encodeURIComponent(name)}`, { method: "DELETE" });
    if (answer.ok) {
      const { remains } = await answer.json();
      if (remains.length) alert(`${name} is forgotten. What is left:\n\n${remains.join("\n")}`);
      location.assign("/athletes");
    } else document.getElementById("news").textContent = "That could not be deleted.";
  });
})();
