/* Say that a day is past: its date is in its class, as due-2026-01-31. Without this script it says "due". */
for (const day of document.querySelectorAll(".due")) {
  const date = [...day.classList].find((name) => name.startsWith("due-"));
  if (date && new Date(`${date.slice(4)}T23:59:59`) < new Date()) day.append(" (overdue)");
}
