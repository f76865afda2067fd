"use strict";
// The page is whole without this: it makes tables sortable and searchable, and turns a table of instances into a slider.
(() => {
  const key = (row, column) => {
    const cell = row.cells[column];
    const given = cell.dataset.sort;
    return given === undefined ? cell.textContent : Number(given);
  };
  const compare = (a, b) => typeof a === "number" ? a - b : a < b ? -1 : a > b ? 1 : 0;

  for (const table of document.querySelectorAll("table.sorts")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => ({ row, at: key(row, column) }));
        rows.sort((a, b) => down ? compare(b.at, a.at) : compare(a.at, b.at));
        body.replaceChildren(...rows.map((each) => each.row));
      });
    });
  }

  for (const filter of document.querySelectorAll(".filter")) {
    const rows = [...filter.parentElement.querySelector("table").tBodies[0].rows];
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const input = filter.querySelector("input");
    const output = filter.querySelector("output");
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, at) => {
        row.hidden = !words.every((word) => texts[at].includes(word));
        shown += row.hidden ? 0 : 1;
      });
      output.textContent = words.length ? `${shown} of ${rows.length}` : "";
    });
    filter.hidden = rows.length < 2;
  }

  const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  for (const whatIf of document.querySelectorAll(".what-if")) {
    const rows = whatIf.dataset.rows.split(";").map((row) => row.split(":").map((n) => n === "" ? null : Number(n)));
    const usable = Number(whatIf.dataset.usable);
    const today = Number(whatIf.dataset.today);
    const slider = whatIf.querySelector(".slider");
    const input = slider.querySelector("input");
    const output = slider.querySelector("output");
    const show = () => {
      const row = rows[Number(input.value)];
      output.textContent = grouped(row[0]) + (Number(input.value) === today ? " as today" : "");
      input.setAttribute("aria-valuetext", output.textContent);
      for (const gauge of slider.querySelectorAll(".gauge")) {
        const value = row[Number(gauge.dataset.of)];
        const meter = gauge.querySelector("meter");
        meter.max = usable;
        meter.high = usable;
        meter.low = Number(whatIf.dataset.near);
        meter.optimum = 0;
        meter.value = Math.max(value, 0);
        const over = value > usable;
        const said = gauge.querySelector(".said");
        said.textContent = `${grouped(value)} of ${grouped(usable)} usable` + (over ? ", over" : "");
        said.classList.toggle("over", over);
      }
    };
    input.addEventListener("input", show);
    show();
    slider.hidden = false;
  }

  // On paper nothing unfolds by itself.
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not([open])")];
    for (const each of unfolded) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of unfolded) each.open = false;
  });
})();
