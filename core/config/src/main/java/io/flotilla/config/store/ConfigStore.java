package io.flotilla.config.store;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedFile;
import io.flotilla.config.object.ParsedObject;
import io.flotilla.config.object.ReadOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The objects in force, as files come, change and go. Immutable. An object that is invalid in its file stays in force
 * as it last was valid there; one that its file no longer has is gone, unless part of the file could not be read. Of
 * two files with the same object the last by name has it, as if they were applied one by one.
 */
public final class ConfigStore {
    private final ObjectReader reader;
    private final SortedMap<String, FileState> files;
    private final SortedMap<ObjectKey, Config<?>> inForce;

    /**
     * What one file contributes.
     *
     * @param good     the last valid version of each object that is still in the file
     * @param problems of the file as it is now
     */
    private record FileState(SortedMap<ObjectKey, Config<?>> good, List<Diagnostic> problems) {}

    private ConfigStore(
            ObjectReader reader, SortedMap<String, FileState> files, SortedMap<ObjectKey, Config<?>> inForce) {
        this.reader = reader;
        this.files = files;
        this.inForce = inForce;
    }

    public static ConfigStore empty(ReadOptions options) {
        return new ConfigStore(new ObjectReader(options), new TreeMap<>(), new TreeMap<>());
    }

    /** The same state, which reads files by other options from now on. */
    public ConfigStore withOptions(ReadOptions options) {
        return new ConfigStore(new ObjectReader(options), files, inForce);
    }

    /**
     * The outcome of a change of files.
     *
     * @param store       the new state
     * @param changed     objects that are new in force or differ, sorted
     * @param removed     objects that are no longer in force
     * @param diagnostics of the files that changed
     */
    public record Change(
            ConfigStore store, List<Config<?>> changed, Set<ObjectKey> removed, List<Diagnostic> diagnostics) {}

    /** Everything in force, sorted. */
    public Collection<Config<?>> objects() {
        return Collections.unmodifiableCollection(inForce.values());
    }

    /** Files that contribute, sorted. */
    public Set<String> files() {
        return Collections.unmodifiableSet(files.keySet());
    }

    /** All problems of all files as they are now. */
    public List<Diagnostic> diagnostics() {
        List<Diagnostic> all = new ArrayList<>();
        files.values().forEach(file -> all.addAll(file.problems()));
        return List.copyOf(all);
    }

    /** Takes the new text of files; empty where a file is gone. */
    public Change apply(Map<String, Optional<String>> texts) {
        SortedMap<String, FileState> next = new TreeMap<>(files);
        Set<ObjectKey> affected = new TreeSet<>();
        Set<String> read = new TreeSet<>();
        texts.forEach((file, text) -> {
            FileState before = next.getOrDefault(file, new FileState(new TreeMap<>(), List.of()));
            affected.addAll(before.good().keySet());
            if (text.isEmpty()) {
                next.remove(file);
            } else {
                FileState state = state(reader.read(file, text.get()), before);
                affected.addAll(state.good().keySet());
                next.put(file, state);
                read.add(file);
            }
        });
        SortedMap<ObjectKey, Config<?>> force = new TreeMap<>(inForce);
        List<Diagnostic> conflicts = new ArrayList<>();
        affected.forEach(key -> settle(key, next, force, conflicts));
        List<Diagnostic> diagnostics = new ArrayList<>();
        read.forEach(file -> diagnostics.addAll(problems(next, file)));
        diagnostics.addAll(conflicts);
        return change(new ConfigStore(reader, next, force), affected, diagnostics);
    }

    private static List<Diagnostic> problems(SortedMap<String, FileState> files, String file) {
        FileState state = files.get(file);
        return state == null ? List.of() : state.problems();
    }

    private static FileState state(ParsedFile parsed, FileState before) {
        SortedMap<ObjectKey, Config<?>> good = new TreeMap<>();
        Set<ObjectKey> seen = new HashSet<>();
        List<Diagnostic> problems = new ArrayList<>(parsed.problems());
        for (ParsedObject object : parsed.objects()) {
            ObjectKey key = object.config().key();
            problems.addAll(object.problems());
            if (!seen.add(key)) {
                problems.add(twice(object.config(), "is in this file twice; the last counts"));
            }
            if (object.valid()) {
                good.put(key, object.config());
            } else if (before.good().containsKey(key)) {
                good.putIfAbsent(key, before.good().get(key));
            }
        }
        if (parsed.incomplete()) {
            before.good().forEach((key, config) -> {
                if (!seen.contains(key)) {
                    good.put(key, config);
                }
            });
        }
        problems.sort(
                java.util.Comparator.comparingInt(problem -> problem.origin().line()));
        return new FileState(good, List.copyOf(problems));
    }

    /** Decides which file's version of an object is in force. */
    private static void settle(
            ObjectKey key,
            SortedMap<String, FileState> files,
            SortedMap<ObjectKey, Config<?>> force,
            List<Diagnostic> conflicts) {
        Config<?> chosen = null;
        for (FileState file : files.values()) {
            Config<?> candidate = file.good().get(key);
            if (candidate != null && chosen != null) {
                conflicts.add(twice(chosen, "is also in " + candidate.origin() + ", which counts"));
            }
            chosen = candidate == null ? chosen : candidate;
        }
        Config<?> before = force.get(key);
        if (chosen == null) {
            force.remove(key);
        } else if (before == null
                || !before.version().equals(chosen.version())
                || !before.origin().equals(chosen.origin())) {
            force.put(key, chosen);
        }
    }

    private static Diagnostic twice(Config<?> config, String message) {
        Origin origin = config.origin();
        return new Diagnostic(Severity.WARNING, "FL0007", origin, config.key().toString(), "", message);
    }

    private Change change(ConfigStore after, Set<ObjectKey> affected, List<Diagnostic> diagnostics) {
        List<Config<?>> changed = new ArrayList<>();
        Set<ObjectKey> removed = new TreeSet<>();
        for (ObjectKey key : affected) {
            Config<?> before = inForce.get(key);
            Config<?> now = after.inForce.get(key);
            if (now == null) {
                if (before != null) {
                    removed.add(key);
                }
            } else if (before == null || !before.version().equals(now.version())) {
                changed.add(now);
            }
        }
        return new Change(after, List.copyOf(changed), removed, List.copyOf(diagnostics));
    }
}
