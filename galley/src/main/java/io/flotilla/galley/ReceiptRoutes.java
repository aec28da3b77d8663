package io.flotilla.galley;

import io.flotilla.galley.status.Receipts;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** /debug/receipts on the management port: what proxies made of configuration, as Pilots report. */
@ApplicationScoped
class ReceiptRoutes {
    private final Receipts receipts;

    ReceiptRoutes(Receipts receipts) {
        this.receipts = receipts;
    }

    void register(@Observes Router router) {
        router.get("/debug/receipts")
                .handler(request -> request.response()
                        .putHeader("content-type", "application/json")
                        .end(receipts.json().encodePrettily() + "\n"));
    }
}
