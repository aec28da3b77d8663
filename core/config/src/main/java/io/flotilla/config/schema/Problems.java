package io.flotilla.config.schema;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.Origin;
import io.flotilla.config.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one object, each with its place; nothing stops at the first. */
public final class Problems {
    private static final int MAX_FOUND = 100;

    private final String file;
    private final String object;
    private final YamlNode root;
    private final List<Diagnostic> found = new ArrayList<>();

    /**
     * A collector for one object.
     *
     * @param file   as messages name it
     * @param object "VirtualService default/reviews"
     * @param root   the document, to find lines in
     */
    public Problems(String file, String object, YamlNode root) {
        this.file = file;
        this.object = object;
        this.root = root;
    }

    /** An empty collector for the same object. */
    public Problems another() {
        return new Problems(file, object, root);
    }

    /** Takes over what another collector for the same object found. */
    public void addAll(List<Diagnostic> more) {
        more.stream().limit(Math.max(0, MAX_FOUND - found.size())).forEach(found::add);
    }

    public void error(String code, FieldPath at, String message) {
        add(Severity.ERROR, code, at, message);
    }

    public void warning(String code, FieldPath at, String message) {
        add(Severity.WARNING, code, at, message);
    }

    public void info(String code, FieldPath at, String message) {
        add(Severity.INFO, code, at, message);
    }

    private void add(Severity severity, String code, FieldPath at, String message) {
        if (full()) {
            return;
        }
        Origin origin = new Origin(file, at.lineIn(root));
        found.add(new Diagnostic(severity, code, origin, object, at.toString(), message));
        if (full()) {
            String more = "has more than " + MAX_FOUND + " problems; no more are looked for";
            found.add(new Diagnostic(Severity.ERROR, "FL0015", new Origin(file, root.line()), object, "", more));
        }
    }

    /** So much is wrong that more would help nobody. */
    public boolean full() {
        return found.size() >= MAX_FOUND;
    }

    /** What was found so far, in order. */
    public List<Diagnostic> found() {
        return List.copyOf(found);
    }
}
