// Makes the picture answer: hover, keyboard, filters, places, zoom. Without it the picture and the table are still there.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const svg = document.querySelector("#fa-picture svg");
  const rows = [...document.querySelectorAll("#fa-table tbody tr")];
  const language = document.documentElement.lang;
  const words = document.body.dataset;
  const key = (element) => JSON.stringify([element.dataset.origin, element.dataset.dest, element.dataset.kind ?? ""]);

  // Digits grouped as on the figure: 152,309 in English, thin spaces elsewhere, in Spanish from five digits on.
  const grouped = (number) => {
    const [whole, part] = String(Math.round(number * 100) / 100).split(".");
    const mark = language === "en" ? "," : "\u202f";
    const short = language === "es" && whole.replace("-", "").length < 5;
    const digits = short ? whole : whole.replace(/\B(?=(\d{3})+$)/g, mark);
    return part ? digits + (language === "en" ? "." : ",") + part : digits;
  };
  const percent = (share) => {
    const value = share * 100;
    const rounded = value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
    if (rounded === 0 && share > 0) return "<\u00a0" + grouped(0.1) + "\u202f%";
    return grouped(rounded >= 100 && share < 1 ? 99.9 : rounded) + "\u202f%";
  };
  const amount = (weight) => grouped(weight) + (words.unit ? " " + words.unit : "");

  // A flow is its row in the table and whatever is drawn for it.
  const flows = rows.map((row) => ({
    row,
    origin: row.dataset.origin,
    dest: row.dataset.dest,
    kind: row.dataset.kind ?? "",
    weight: row.dataset.value === undefined ? null : Number(row.dataset.value),
    periods: new Map(JSON.parse(row.dataset.periods)),
    way: row.dataset.way,
    stroke: null,
    drawn: [],
  }));
  const known = new Map(flows.map((flow) => [key(flow.row), flow]));
  for (const element of svg.querySelectorAll("g[data-origin]")) {
    const flow = known.get(key(element));
    if (!flow) continue;
    flow.drawn.push(element);
    element.querySelector(":scope > title")?.remove();
    if (!flow.stroke && element.parentNode.id === "flows") flow.stroke = element;
  }
  const summed = words.measured === "yes";
  const total = flows.reduce((sum, flow) => sum + (flow.weight ?? 0), 0);

  const state = { kinds: null, period: "", least: -Infinity, place: "" };
  const weightIn = (flow) => (state.period === "" ? flow.weight : flow.periods.get(state.period) ?? null);
  const passes = (flow) =>
    (!state.kinds || state.kinds.has(flow.kind)) &&
    (state.period === "" || flow.periods.has(state.period)) &&
    (state.least === -Infinity || (weightIn(flow) ?? -Infinity) >= state.least);
  const touches = (flow) => state.place === "" || flow.origin === state.place || flow.dest === state.place;

  const told = (flow) => {
    const weight = weightIn(flow);
    const what = weight === null ? words.unknown : summed ? amount(weight) : words.rank + " " + grouped(weight);
    return [flow.kind, what].filter(Boolean).join(": ");
  };
  const shares = (flow) => {
    const weight = weightIn(flow);
    if (!summed || weight === null) return "";
    const of = (other) => flows.filter((f) => passes(f) && other(f)).reduce((sum, f) => sum + (weightIn(f) ?? 0), 0);
    const [out, into] = [of((f) => f.origin === flow.origin), of((f) => f.dest === flow.dest)];
    const say = (template, sum, place) =>
      sum > 0 ? template.replace("{share}", () => percent(weight / sum)).replace("{place}", () => place) : "";
    return [say(words.leaving, out, flow.row.dataset.from), say(words.arriving, into, flow.row.dataset.to)]
      .filter(Boolean)
      .join("; ");
  };

  // The words beside the pointer.
  const tip = byId("fa-tip");
  const showTip = (flow, x, y) => {
    tip.replaceChildren();
    for (const [tag, text] of [["strong", flow.way], ["span", told(flow)], ["small", shares(flow)]]) {
      if (!text) continue;
      const line = document.createElement(tag);
      line.textContent = text;
      tip.append(line);
    }
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(8, Math.min(x + 14, innerWidth - box.width - 8)) + "px";
    tip.style.top = Math.max(8, y + 18 + box.height > innerHeight ? y - box.height - 12 : y + 18) + "px";
  };
  const point = (flow) => {
    svg.classList.toggle("pointing", flow !== null);
    for (const other of flows) {
      for (const element of other.drawn) element.classList.toggle("pointed", other === flow);
      other.row.classList.toggle("pointed", other === flow);
    }
    if (!flow) tip.hidden = true;
  };

  // One stop for the tab key; arrows go from the heaviest flow to the next.
  const visible = () => flows.filter((flow) => flow.stroke && passes(flow) && touches(flow));
  const stop = (flow) => {
    for (const other of flows) other.stroke?.setAttribute("tabindex", other === flow ? "0" : "-1");
  };
  const step = (event, flow) => {
    const all = visible();
    const at = all.indexOf(flow);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") return choose("");
    if (event.key === "Enter") return choose(flow.dest === state.place ? flow.origin : flow.dest);
    if (to === undefined || all.length === 0) return;
    event.preventDefault();
    const next = all[(to + all.length) % all.length];
    stop(next);
    next.stroke.focus({ preventScroll: true });
  };
  for (const flow of flows) {
    const { stroke } = flow;
    if (!stroke) continue;
    stroke.setAttribute("role", "img");
    stroke.addEventListener("pointermove", (event) => {
      if (dragging) return;
      point(flow);
      showTip(flow, event.clientX, event.clientY);
    });
    stroke.addEventListener("pointerleave", () => point(null));
    stroke.addEventListener("focus", () => {
      point(flow);
      const box = stroke.getBoundingClientRect();
      showTip(flow, box.x + box.width / 2, box.y + box.height / 2);
    });
    stroke.addEventListener("blur", () => point(null));
    stroke.addEventListener("keydown", (event) => step(event, flow));
    flow.row.addEventListener("pointerenter", () => point(flow));
    flow.row.addEventListener("pointerleave", () => point(null));
  }
  const group = svg.querySelector("#flows");
  group?.setAttribute("role", "group");
  group?.setAttribute("aria-label", words.flows);

  // Places answer over a disc that a finger finds.
  const places = svg.querySelector("#places");
  const choose = (place) => {
    state.place = state.place === place ? "" : place;
    byId("fa-place").value = state.place;
    apply();
  };
  for (const place of places?.querySelectorAll("g[data-place]") ?? []) {
    const box = place.getBBox();
    const disc = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    disc.setAttribute("cx", box.x + box.width / 2);
    disc.setAttribute("cy", box.y + box.height / 2);
    disc.setAttribute("r", Math.max(box.width / 2, 7));
    disc.classList.add("reach");
    place.append(disc);
  }
  for (const element of svg.querySelectorAll("g[data-place]")) {
    element.addEventListener("click", () => choose(element.dataset.place));
  }

  // What passes is shown, what touches the chosen place stands out, and both are told.
  const apply = () => {
    let [shown, weight] = [0, 0];
    for (const flow of flows) {
      const [kept, near] = [passes(flow), touches(flow)];
      for (const element of flow.drawn) {
        element.classList.toggle("hidden", !kept);
        element.classList.toggle("faded", kept && !near);
      }
      flow.row.hidden = !(kept && near);
      flow.row.querySelector(".fa-weight").textContent = weightIn(flow) === null ? "" : grouped(weightIn(flow));
      flow.stroke?.setAttribute("aria-label", flow.way + ", " + told(flow));
      if (kept && near) [shown, weight] = [shown + 1, weight + (weightIn(flow) ?? 0)];
    }
    for (const element of svg.querySelectorAll("g[data-place]")) {
      element.classList.toggle("chosen", element.dataset.place === state.place);
    }
    stop(visible()[0] ?? null);
    const part = summed && total > 0 ? words.part.replace("{weight}", () => amount(weight)).replace("{share}", () => percent(weight / total)) : "";
    byId("fa-status").textContent =
      words.shown.replace("{shown}", grouped(shown)).replace("{of}", grouped(flows.length)) + part;
    byId("fa-widths").hidden = state.period === "";
  };

  byId("fa-place").addEventListener("change", (event) => {
    state.place = event.target.value;
    apply();
  });
  byId("fa-period")?.addEventListener("change", (event) => {
    state.period = event.target.value;
    apply();
  });
  const kinds = [...document.querySelectorAll("input[name=fa-kind]")];
  for (const box of kinds) {
    box.addEventListener("change", () => {
      state.kinds = kinds.every((b) => b.checked) ? null : new Set(kinds.filter((b) => b.checked).map((b) => b.value));
      apply();
    });
  }
  const steps = [...new Set(flows.map((flow) => flow.weight).filter((weight) => weight !== null))].sort((a, b) => a - b);
  const slider = byId("fa-least");
  if (slider && steps.length > 1) {
    slider.max = steps.length - 1;
    slider.addEventListener("input", () => {
      const at = Number(slider.value);
      state.least = at === 0 ? -Infinity : steps[at];
      const text = at === 0 ? words.all : amount(steps[at]);
      byId("fa-least-told").textContent = text;
      slider.setAttribute("aria-valuetext", text);
      apply();
    });
  }
  byId("fa-reset").addEventListener("click", () => {
    Object.assign(state, { kinds: null, period: "", least: -Infinity, place: "" });
    for (const box of kinds) box.checked = true;
    for (const id of ["fa-place", "fa-period"]) if (byId(id)) byId(id).value = "";
    if (slider) {
      slider.value = 0;
      byId("fa-least-told").textContent = words.all;
    }
    look(whole);
    apply();
  });

  // Zoom and pan move the window on the page.
  const { x, y, width, height } = svg.viewBox.baseVal;
  const whole = { x, y, width, height };
  let view = { ...whole };
  let dragging = false;
  const look = (to) => {
    const size = Math.min(Math.max(to.width, whole.width / 40), whole.width);
    const scale = size / whole.width;
    const clamp = (value, low, room) => Math.min(Math.max(value, low), low + room);
    view = {
      x: clamp(to.x, whole.x, whole.width * (1 - scale)),
      y: clamp(to.y, whole.y, whole.height * (1 - scale)),
      width: size,
      height: whole.height * scale,
    };
    svg.setAttribute("viewBox", [view.x, view.y, view.width, view.height].join(" "));
    svg.classList.toggle("zoomed", scale < 1);
  };
  const onPage = (clientX, clientY) => {
    const box = svg.getBoundingClientRect();
    return { x: view.x + ((clientX - box.x) / box.width) * view.width, y: view.y + ((clientY - box.y) / box.height) * view.height };
  };
  const zoom = (factor, at = { x: view.x + view.width / 2, y: view.y + view.height / 2 }) =>
    look({ x: at.x - (at.x - view.x) * factor, y: at.y - (at.y - view.y) * factor, width: view.width * factor });
  byId("fa-in").addEventListener("click", () => zoom(1 / 1.5));
  byId("fa-out").addEventListener("click", () => zoom(1.5));
  byId("fa-whole").addEventListener("click", () => look(whole));
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(event.deltaY * 0.002), onPage(event.clientX, event.clientY));
  }, { passive: false });
  svg.addEventListener("dblclick", (event) => zoom(1 / 1.8, onPage(event.clientX, event.clientY)));
  const fingers = new Map();
  svg.addEventListener("pointerdown", (event) => fingers.set(event.pointerId, event));
  addEventListener("pointerup", (event) => {
    fingers.delete(event.pointerId);
    dragging = false;
  });
  addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
  svg.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    if (fingers.size === 2) {
      const [other] = [...fingers.values()].filter((finger) => finger.pointerId !== event.pointerId);
      const apart = (a) => Math.hypot(a.clientX - other.clientX, a.clientY - other.clientY);
      zoom(apart(before) / Math.max(apart(event), 1), onPage((event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2));
    } else if (view.width < whole.width) {
      const [from, to] = [onPage(before.clientX, before.clientY), onPage(event.clientX, event.clientY)];
      dragging = true;
      look({ x: view.x + from.x - to.x, y: view.y + from.y - to.y, width: view.width });
    }
    fingers.set(event.pointerId, event);
  });
  svg.addEventListener("keydown", (event) => {
    const act = { "+": () => zoom(1 / 1.5), "-": () => zoom(1.5), 0: () => look(whole) }[event.key];
    if (act) act();
  });

  // Light, dark, or as the machine has it.
  const themes = ["auto", "light", "dark"];
  byId("fa-theme").addEventListener("click", (event) => {
    const root = document.documentElement;
    root.dataset.theme = themes[(themes.indexOf(root.dataset.theme ?? "auto") + 1) % themes.length];
    event.target.textContent = words[root.dataset.theme];
  });
  byId("fa-print").addEventListener("click", () => print());
  byId("fa-controls").hidden = false;
  apply();
  document.body.dataset.ready = "yes";
})();
