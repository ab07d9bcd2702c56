"""Papers for a council, from a plan: what goes to committee, to schools, and on the public record.

| module | what it makes |
|---|---|
| `brief` | what papers are told from: the plan, its scheme, today's groups, other options, the papers' standing |
| `criteria` | every criterion, and how the plan meets it |
| `paper` | a paper as blocks (headings, tables, pictures), whatever it is printed as |
| `word`, `pdf` | such a paper as DOCX (python-docx) and as tagged PDF (Typst) |
| `drawing` | the plan's map as vectors for A4 and A3 (matplotlib), legible in grey, and as PNG |
| `files` | all papers of a plan in a folder |
| `workbook` | the plan as an XLSX workbook whose sums are formulas |
| `committee`, `sheet`, `record` | the committee report, a sheet for a school, the algorithmic transparency record |

Papers are public unless their brief is internal. What is private (who works with whom, what schools answered, why an
exception was made) is then in none of them.
"""
