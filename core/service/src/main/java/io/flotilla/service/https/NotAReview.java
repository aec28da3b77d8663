package io.flotilla.service.https;

/** A body that is no AdmissionReview. */
public final class NotAReview extends Exception {
    private static final long serialVersionUID = 1;

    public NotAReview(String message) {
        super(message);
    }
}
