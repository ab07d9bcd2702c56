"""What the system and libraries refuse, as an instruction."""

from __future__ import annotations

import errno

import pytest

from geodata.failures import FORBIDDEN, IN_USE, fault_of


@pytest.mark.parametrize("code", [5, 32, 33])
def test_a_file_that_another_program_holds_open_is_told_on_windows(code: int) -> None:
    """Windows alone gives such codes; the error that Python raises there is made here."""
    error = PermissionError(errno.EACCES, "Access is denied")
    fault = fault_of(error, "plan.xlsx")
    assert fault is not None and fault.fix == FORBIDDEN
    error.winerror = code  # type: ignore[attr-defined,unused-ignore]
    fault = fault_of(error, "plan.xlsx")
    assert fault is not None and fault.fix == IN_USE and fault.file == "plan.xlsx"
