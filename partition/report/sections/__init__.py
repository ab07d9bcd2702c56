"""The sections of the committee report: each a function from a `Brief` to blocks.

`opening` has the head to the background, `plan` the partnerships and what changes, `implications` what council reports
must weigh, `closing` conclusion, consultation and background papers, `appendices` the schools, the method and the data.
"""
