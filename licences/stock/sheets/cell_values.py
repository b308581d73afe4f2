"""What a cell of a workbook can hold besides text, numbers and days."""


class ErrorValue(str):
    """The words that a spreadsheet shows where it could not compute: #N/A, #REF!."""

    __slots__ = ()


class UndatedNumber(str):
    """Five digits in a workbook that counts days from 1904, in a cell that shows no day.

    As text they stand for themselves; as a day nobody knows from which year they were counted.
    """

    __slots__ = ()


class HiddenCells(list[object]):
    """The cells of a row that the spreadsheet hides, by hand or by a filter."""

    __slots__ = ()
