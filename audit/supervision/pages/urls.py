"""Routes of the trail's pages. They lie here because the trail itself lies under everything."""

from django.urls import path

from audit.supervision.pages import access_views, trail_views

app_name = "trail"

urlpatterns = [
    path("trail/", trail_views.TrailSearch.as_view(), name="search"),
    path("trail/find/", access_views.FindPage.as_view(), name="find"),
    path("trail/access/", access_views.AccessAnswer.as_view(), name="access-answer"),
    path(
        "trail/records/<int:moment>/<int:seq>/",
        trail_views.RecordPage.as_view(),
        name="record",
    ),
    path("trail/export/", trail_views.TrailExport.as_view(), name="export"),
]
