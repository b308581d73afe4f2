"""Routes of permit sheets."""

from django.urls import path

from licences.stock.pages import act_views
from licences.stock.pages import views as stock_views

_SHEET = "stock/<uuid:key>/"

routes = [
    path("stock/", stock_views.StockList.as_view(), name="stock"),
    path("stock/new/", stock_views.StockUpload.as_view(), name="stock-upload"),
    path(_SHEET, stock_views.BatchPage.as_view(), name="stock-sheet"),
    path(f"{_SHEET}columns/", stock_views.StockColumns.as_view(), name="stock-columns"),
    path(f"{_SHEET}progress/", stock_views.StockProgress.as_view(), name="stock-progress"),
    path(f"{_SHEET}faults.xlsx", stock_views.StockFaults.as_view(), name="stock-faults"),
    path(f"{_SHEET}submit/", act_views.StockSubmit.as_view(), name="stock-submit"),
    path(f"{_SHEET}drop/", act_views.StockDrop.as_view(), name="stock-drop"),
    path(f"{_SHEET}sign-off/", act_views.StockSignOff.as_view(), name="stock-sign-off"),
    path(f"{_SHEET}hidden-rows/", act_views.StockHiddenRows.as_view(), name="stock-hidden-rows"),
    path(f"{_SHEET}tabs/", act_views.StockTab.as_view(), name="stock-tab"),
    path(f"{_SHEET}rows/<int:row>/face.svg", stock_views.StockFace.as_view(), name="stock-face"),
    path(f"{_SHEET}stop/", act_views.StopConversion.as_view(), name="stock-stop"),
    path(f"{_SHEET}resume/", act_views.ResumeConversion.as_view(), name="stock-resume"),
]
