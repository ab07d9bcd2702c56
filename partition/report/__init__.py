"""Papers for a council, from a plan: for the committee, for schools, and for the public record.

| module | content |
|---|---|
| `brief` | the source of all papers: the plan, its scheme, today's groups, other options, the papers' standing |
| `figures` | the figures that papers quote, each named by what it is a total of |
| `criteria` | every criterion, and how the plan meets it |
| `paper` | a paper as blocks (headings, tables, pictures), independent of its file format |
| `word`, `pdf` | a paper as DOCX (python-docx) and as tagged PDF (Typst) |
| `drawing` | the plan's map as vectors for A4 and A3 (matplotlib), legible in grey, and as PNG |
| `lettering` | words on that map: each school named or marked, none covering another, and the key |
| `files` | all papers of a plan in a folder |
| `spreadsheet` | sheets of a workbook as tables whose sums are formulas, independent of what they tell |
| `workbook`, `money_sheets` | the plan as an XLSX workbook; its sheets of money |
| `money` | the report's section on money, and a partnership's first year in words |
| `committee`, `sheet`, `record` | the committee report, a sheet for a school, the algorithmic transparency record |
| `sections` | the sections of the committee report, each a function from a brief to blocks |
| `authored` | what only the author knows, or the gap to be completed |
| `method`, `standard` | what is said of every plan; the fields of the transparency standard |

Papers are public unless their brief is internal. A public paper holds nothing private: no links, no answers of schools,
no reasons for exceptions.
"""
