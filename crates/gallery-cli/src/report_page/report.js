"use strict";
const all = (selector) => Array.from(document.querySelectorAll(selector));
const search = document.getElementById("search");
const shown = document.getElementById("shown");
const boxes = all(".filters input");
const groups = all("details.group");
const sections = all("section").map((section) => ({
  count: section.querySelector(".count"),
  total: section.querySelector(".count").textContent,
  items: Array.from(section.querySelectorAll(".item")),
}));
let texts = null;

// Shows the entries with all words, and the endpoints with all selected properties.
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = boxes.filter((box) => box.checked).map((box) => box.value);
  texts ??= new Map(all(".item").map((item) => [item, item.textContent.toLowerCase()]));
  let total = 0;
  for (const { count, total: entries, items } of sections) {
    let found = 0;
    for (const item of items) {
      const has = (item.dataset.has ?? "").split(" ");
      const isEndpoint = item.classList.contains("endpoint");
      const matches = words.every((word) => texts.get(item).includes(word))
        && (!isEndpoint || wanted.every((value) => has.includes(value)));
      item.hidden = !matches;
      found += matches;
    }
    count.textContent = found !== items.length ? `${found} of ${items.length} entries shown` : entries;
    total += found;
  }
  for (const group of groups) {
    const matches = group.querySelector(".item:not([hidden])") !== null;
    group.hidden = !matches;
    if (words.length > 0 && matches && !group.open) {
      group.open = true;
      group.dataset.opened = "";
    } else if (words.length === 0 && "opened" in group.dataset) {
      group.open = false;
      delete group.dataset.opened;
    }
  }
  shown.textContent = words.length > 0 ? `${total} found` : "";
}

// Unfolds the target of a link, even if the filters hide it.
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target === null) return;
  if (target.closest("[hidden]") !== null) {
    search.value = "";
    boxes.forEach((box) => { box.checked = false; });
    filter();
  }
  for (let at = target; at !== null; at = at.parentElement) {
    if (at.tagName === "DETAILS") at.open = true;
  }
  target.scrollIntoView();
}

all(".search, .filters").forEach((form) => { form.hidden = false; });
boxes.forEach((box) => { box.checked = false; });
search.form.addEventListener("submit", (event) => event.preventDefault());
search.addEventListener("input", filter);
boxes.forEach((box) => box.addEventListener("change", filter));
addEventListener("hashchange", unfold);
if (search.value !== "") filter();
unfold();
