package io.flotilla.galley.status;

import io.flotilla.api.status.v1.DistributionReport;
import io.flotilla.galley.serve.ReportService;
import jakarta.enterprise.context.ApplicationScoped;

/** Takes reports where this replica writes status, or nobody does: then they are only shown. */
@ApplicationScoped
public class ReportDesk implements ReportService.Desk {
    private final Receipts receipts;
    private final StatusWriter writer;

    ReportDesk(Receipts receipts, StatusWriter writer) {
        this.receipts = receipts;
        this.writer = writer;
        receipts.to(writer::received);
    }

    @Override
    public boolean open() {
        return writer.writesOrNobodyDoes();
    }

    @Override
    public void reported(DistributionReport report) {
        receipts.reported(report);
    }

    @Override
    public void gone(String reporter) {
        receipts.gone(reporter);
    }
}
