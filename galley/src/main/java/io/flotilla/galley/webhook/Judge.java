package io.flotilla.galley.webhook;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedFile;
import io.flotilla.config.object.ParsedObject;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.service.https.Review;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides about an object in a review by the same reading and rules that files are judged by; lines become field paths.
 * It changes nothing, so a dry run is like any other.
 */
final class Judge {
    private static final Set<String> JUDGED = Set.of("CREATE", "UPDATE");
    private static final Set<String> HARMLESS = Set.of("DELETE", "");
    private static final String UNNAMED = "unnamed";
    /** What an unknown field, kind of value or broken document is reported by: the object could not be read. */
    private static final Set<String> UNREADABLE = Set.of("FL0001", "FL0002", "FL0006", "FL0010", "FL0011");

    private final boolean classic;
    private final Function<Config<?>, List<Diagnostic>> mesh;

    /**
     * A judge of one moment.
     *
     * @param classic by the rules of Istio 1.1 where they differ
     * @param mesh    what the other objects of the mesh tell of one that is fine by itself
     */
    Judge(boolean classic, Function<Config<?>, List<Diagnostic>> mesh) {
        this.classic = classic;
        this.mesh = mesh;
    }

    Verdict judge(Review review) {
        String operation = review.text("operation");
        if (HARMLESS.contains(operation)) {
            return new Verdict.Passed("operation " + (operation.isEmpty() ? "is not given" : operation), false);
        }
        if (!JUDGED.contains(operation)) {
            return new Verdict.Passed("operation " + operation + " is not judged", true);
        }
        if (!review.text("subResource").isEmpty()) {
            return new Verdict.Passed("subresource " + review.text("subResource"), false);
        }
        if (!(review.request().getValue("object") instanceof JsonObject object)) {
            return refusal(Verdict.Cause.UNDECODABLE, "the request", "", "request.object", "must be an object");
        }
        JsonObject metadata = object.getValue("metadata") instanceof JsonObject given ? given.copy() : new JsonObject();
        if (metadata.getValue("deletionTimestamp") != null) {
            // Only finalizers leave it now: who keeps that back keeps the object for ever.
            return new Verdict.Passed("the object is being deleted", false);
        }
        return judge(named(object, metadata), review);
    }

    private Verdict judge(JsonObject object, Review review) {
        String namespace = review.text("namespace");
        ReadOptions options = new ReadOptions(namespace.isEmpty() ? "default" : namespace, classic);
        ParsedFile parsed = new ObjectReader(options).read("", object.encode());
        List<Diagnostic> found = new ArrayList<>(parsed.allProblems());
        Optional<Config<?>> config = config(parsed);
        if (config.isPresent() && errors(found).isEmpty()) {
            found.addAll(mesh.apply(config.get()));
        }
        List<Diagnostic> errors = errors(found);
        List<Diagnostic> warnings = found.stream()
                .filter(problem -> problem.severity() == Severity.WARNING)
                .toList();
        if (errors.isEmpty()) {
            return new Verdict.Accepted(warnings);
        }
        boolean unreadable = errors.stream().anyMatch(problem -> UNREADABLE.contains(problem.code()));
        String name = config.map(each -> each.key().toString())
                .orElse(Review.text(review.part("kind"), "kind") + " " + review.name());
        return new Verdict.Refused(
                unreadable ? Verdict.Cause.UNREADABLE : Verdict.Cause.INVALID, name, errors, warnings);
    }

    private static Optional<Config<?>> config(ParsedFile parsed) {
        return parsed.objects().size() == 1
                ? Optional.of(parsed.objects().getFirst()).map(ParsedObject::config)
                : Optional.empty();
    }

    /** The API server gives the name after we are asked, where the object only says what it begins with. */
    private static JsonObject named(JsonObject object, JsonObject metadata) {
        if (metadata.containsKey("name")) {
            return object;
        }
        String prefix = Review.text(metadata, "generateName");
        return prefix.isEmpty() ? object : object.copy().put("metadata", metadata.put("name", prefix + UNNAMED));
    }

    private static List<Diagnostic> errors(List<Diagnostic> found) {
        return found.stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .toList();
    }

    private static Verdict refusal(Verdict.Cause cause, String object, String code, String path, String message) {
        Diagnostic problem = new Diagnostic(
                Severity.ERROR,
                code.isEmpty() ? "FL0006" : code,
                io.flotilla.config.model.Origin.NONE,
                object,
                path,
                message);
        return new Verdict.Refused(cause, object, List.of(problem), List.of());
    }
}
