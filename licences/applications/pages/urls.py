"""Routes of the pages on which an application lives."""

from django.urls import path

from licences.applications.pages import (
    application_views,
    capture_views,
    draft_face,
    queue_views,
    reception_views,
    review_views,
    sign_off_views,
)

_APPLICATION = "applications/<uuid:key>/"

routes = [
    path("capture/", queue_views.CaptureQueue.as_view(), name="capture-queue"),
    path("review/", queue_views.ReviewQueue.as_view(), name="review-queue"),
    path("sign-off/", sign_off_views.SignOffQueue.as_view(), name="sign-off-queue"),
    path("sign-off/batch/", sign_off_views.BatchSignOff.as_view(), name="sign-off-batch"),
    path("applications/new/", reception_views.ReceptionPage.as_view(), name="receive"),
    path("applications/new/secret/", reception_views.SecrecyQuestion.as_view(), name="secrecy"),
    path(_APPLICATION, application_views.ApplicationPage.as_view(), name="application"),
    path(f"{_APPLICATION}unmask/", application_views.Unmask.as_view(), name="unmask-application"),
    path(f"{_APPLICATION}blank/", application_views.RecordBlank.as_view(), name="record-blank"),
    path(f"{_APPLICATION}handing-over/", application_views.HandOver.as_view(), name="hand-over"),
    path(f"{_APPLICATION}capture/", capture_views.CapturePage.as_view(), name="capture"),
    path(
        f"{_APPLICATION}withdraw/",
        capture_views.WithdrawPage.as_view(),
        name="withdraw-application",
    ),
    path(f"{_APPLICATION}secret/", capture_views.SecretPage.as_view(), name="declare-secret"),
    path(
        f"{_APPLICATION}files/<uuid:file>/",
        capture_views.AttachmentFile.as_view(),
        name="attachment",
    ),
    path(f"{_APPLICATION}draft-face/", draft_face.DraftFace.as_view(), name="draft-face"),
    path(f"{_APPLICATION}review/", review_views.ReviewPage.as_view(), name="review"),
    path(f"{_APPLICATION}preview.svg", sign_off_views.PreviewPicture.as_view(), name="preview"),
    path(f"{_APPLICATION}sign-off/", sign_off_views.SignOffPage.as_view(), name="sign-off"),
    path(f"{_APPLICATION}result/", sign_off_views.ResultPage.as_view(), name="sign-off-result"),
]
