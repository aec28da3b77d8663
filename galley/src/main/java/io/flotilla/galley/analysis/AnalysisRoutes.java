package io.flotilla.galley.analysis;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Locale;

/** /debug/analysis on the management port: what analysis found last, and in which generation. */
@ApplicationScoped
class AnalysisRoutes {
    private final LiveAnalysis analysis;

    AnalysisRoutes(LiveAnalysis analysis) {
        this.analysis = analysis;
    }

    void register(@Observes Router router) {
        router.get("/debug/analysis").handler(this::findings);
    }

    private void findings(RoutingContext request) {
        Findings findings = analysis.findings();
        JsonArray all = new JsonArray();
        findings.all()
                .forEach(found -> all.add(new JsonObject()
                        .put("code", found.code())
                        .put("severity", found.severity().name().toLowerCase(Locale.ROOT))
                        .put("object", found.object())
                        .put("path", found.path())
                        .put("origin", found.origin().toString())
                        .put("message", found.message())));
        request.response()
                .putHeader("content-type", "application/json")
                .end(new JsonObject()
                                .put("generation", findings.generation())
                                .put("findings", all)
                                .encodePrettily() + "\n");
    }
}
