package io.flotilla.galley.status;

import io.flotilla.galley.state.PublishListener;
import io.flotilla.galley.state.Publisher;
import jakarta.enterprise.context.ApplicationScoped;

/** Tells receipts of changes before the writer of statuses asks for them, and also where nothing is written. */
@ApplicationScoped
class ReceiptNews implements PublishListener {
    private final Receipts receipts;

    ReceiptNews(Receipts receipts) {
        this.receipts = receipts;
    }

    @Override
    public void published(Publisher.Outcome outcome) {
        receipts.published(outcome);
    }
}
