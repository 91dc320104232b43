"use strict";
// The page reads well without this. It adds: what stands behind a mark, ways of uploading to show, a theme, folding.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const commits = JSON.parse(document.getElementById("commits").textContent);
  const root = document.documentElement;

  // the theme: what the system says until somebody chooses
  const theme = document.getElementById("theme");
  const dark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const nameTheme = () => { theme.textContent = dark() ? "Light" : "Dark"; };
  theme.hidden = false;
  theme.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; nameTheme(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
  nameTheme();

  // folding: all at once, and everything for paper
  const unfold = document.getElementById("unfold");
  const setAll = (open) => {
    all("details").forEach((each) => { each.open = open; });
    unfold.textContent = open ? "Fold all" : "Unfold all";
  };
  unfold.hidden = false;
  unfold.addEventListener("click", () => setAll(unfold.textContent === "Unfold all"));
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    folded.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => { folded.forEach((each) => { each.open = false; }); });
  const reveal = (element) => {
    for (let each = element; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
  };
  const revealTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target) { reveal(target); all(":scope > details", target).forEach((each) => { each.open = true; }); }
  };
  addEventListener("hashchange", revealTarget);
  revealTarget();

  // what stands behind a bar or a mark
  const show = (figure, mark) => {
    const detail = figure.querySelector(".detail");
    const hair = figure.querySelector(".hair");
    const [id, day, author, authored, subject] = commits[Number(mark.dataset.c)];
    const words = document.createElement("b");
    words.textContent = mark.querySelector("title").textContent;
    const who = author || subject ? ` by ${author}${authored && authored !== day ? ` (written ${authored})` : ""}: ${subject}` : "";
    detail.replaceChildren(words, document.createElement("br"), `Commit ${id} of ${day}${who}`);
    detail.hidden = false;
    all(".shown", figure).forEach((each) => each.classList.remove("shown"));
    mark.classList.add("shown");
    const chart = figure.querySelector(".chart").getBoundingClientRect();
    const box = (mark.querySelector(".reach") || mark).getBoundingClientRect();
    hair.style.left = `${(mark.classList.contains("mark") ? box.left + box.width / 2 : box.left) - chart.left}px`;
    hair.hidden = false;
  };
  all(".timeline").forEach((figure) => {
    all(".lane", figure).forEach((lane) => {
      const marks = all("[data-c]", lane);
      marks.forEach((mark, place) => {
        mark.setAttribute("tabindex", place ? "-1" : "0");
        mark.addEventListener("pointerenter", () => show(figure, mark));
        mark.addEventListener("focus", () => show(figure, mark));
        mark.addEventListener("click", () => show(figure, mark));
        mark.addEventListener("keydown", (event) => {
          const step = { ArrowRight: 1, ArrowLeft: -1, Home: -place, End: marks.length - 1 - place }[event.key];
          const next = marks[place + step];
          if (step === undefined || !next) return;
          event.preventDefault();
          mark.setAttribute("tabindex", "-1");
          next.setAttribute("tabindex", "0");
          next.focus();
        });
      });
    });
  });
  all("a[data-show]").forEach((link) => link.addEventListener("click", () => {
    const figure = document.getElementById(link.hash.slice(1));
    const mark = figure && figure.querySelector(`[data-c="${Number(link.dataset.show)}"]`);
    if (mark) { reveal(figure); show(figure, mark); }
  }));

  // the ways of uploading to show
  const filter = document.getElementById("filter");
  if (filter) {
    const boxes = all("input", filter);
    const apply = () => {
      const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      all("[data-s]").forEach((row) => {
        const numbers = row.dataset.s.split(" ");
        row.hidden = !numbers.some((number) => shown.has(number));
        all(".label .way", row).forEach((name, place) => name.classList.toggle("off", !shown.has(numbers[place])));
      });
      all(".hair").forEach((hair) => { hair.hidden = true; });
    };
    boxes.forEach((box) => box.addEventListener("change", apply));
    all("button[data-all]", filter).forEach((button) => button.addEventListener("click", () => {
      boxes.forEach((box) => { box.checked = button.dataset.all === "1"; });
      apply();
    }));
    filter.hidden = boxes.length < 2;
  }

  // commands to take along
  all(".command:not(.bad)").forEach((command) => {
    if (!navigator.clipboard) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tool copy";
    button.textContent = "copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(command.querySelector("code").textContent);
      button.textContent = "copied";
    });
    command.prepend(button);
  });
})();
