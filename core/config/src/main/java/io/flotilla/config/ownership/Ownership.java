package io.flotilla.config.ownership;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.derive.Owners;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.ownership.OwnershipOptions.Mode;
import io.flotilla.config.platform.MeshConfigMap;
import io.flotilla.config.store.ConfigStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps objects out that capture a host which another namespace claims. Immutable. Stands between the objects that are
 * valid by themselves and the mesh: an object that is refused stays as it last was admitted, if that is still fine; a
 * new claim takes out what captures it. Where nothing is claimed it costs nothing.
 */
public final class Ownership {
    private final OwnershipOptions settings;
    private final MeshConfig.Ownership mesh;
    private final OwnershipOptions options;
    private final HostClaims claims;
    private final List<Diagnostic> claimProblems;
    private final SortedMap<ObjectKey, Refusal> refusals;

    /**
     * An object that is not what its document says.
     *
     * @param admitted as it last was, where that is in force
     * @param problems why
     */
    private record Refusal(@Nullable Config<?> admitted, List<Diagnostic> problems) {}

    private Ownership(
            OwnershipOptions settings,
            MeshConfig.Ownership mesh,
            HostClaims claims,
            List<Diagnostic> claimProblems,
            SortedMap<ObjectKey, Refusal> refusals) {
        this.settings = settings;
        this.mesh = mesh;
        this.options = settings.with(mesh);
        this.claims = claims;
        this.claimProblems = claimProblems;
        this.refusals = refusals;
    }

    /** Nothing is known yet but what the settings claim; MeshConfig may ask for more. */
    public static Ownership of(OwnershipOptions settings) {
        MeshConfig.Ownership nothing = MeshConfig.Ownership.getDefaultInstance();
        ClaimReader.Read read = read(settings, List.of());
        return new Ownership(settings, nothing, read.claims(), read.problems(), new TreeMap<>());
    }

    private static ClaimReader.Read read(OwnershipOptions options, Collection<Config<?>> objects) {
        ClaimReader.Read read = new ClaimReader(options)
                .read(objects.stream()
                        .filter(config -> isNamespace(config.key()))
                        .toList());
        return options.mode() == Mode.OFF ? new ClaimReader.Read(HostClaims.NONE, List.of()) : read;
    }

    /**
     * What is left of a change.
     *
     * @param ownership the new state
     * @param change    without what is refused, with what is admitted again
     */
    public record Step(Ownership ownership, ConfigStore.Change change) {}

    public HostClaims claims() {
        return claims;
    }

    /** All that is wrong now: claims, and objects that capture what another namespace claimed. */
    public List<Diagnostic> problems() {
        List<Diagnostic> all = new ArrayList<>(claimProblems);
        refusals.values().forEach(refusal -> all.addAll(refusal.problems()));
        return List.copyOf(all);
    }

    /** What an object captures of others; errors, or warnings where these do not hold. */
    public List<Diagnostic> check(Config<?> config) {
        if (claims.isEmpty() || config.namespace().equals(options.rootNamespace())) {
            return List.of();
        }
        List<Diagnostic> found = new ArrayList<>();
        for (CapturedHosts host : CapturedHosts.of(config, options.domainSuffix())) {
            host.names().stream()
                    .flatMap(name -> claims.captured(name, config.namespace()).stream())
                    .findFirst()
                    .ifPresent(claim -> found.add(captures(config, host, claim)));
        }
        return List.copyOf(found);
    }

    private Diagnostic captures(Config<?> config, CapturedHosts host, HostClaim claim) {
        Severity severity = options.mode() == Mode.ENFORCE ? Severity.ERROR : Severity.WARNING;
        return new Diagnostic(
                severity,
                "FL0691",
                config.origin(),
                config.key().toString(),
                host.path(),
                message(host.given(), claim));
    }

    private static String message(String host, HostClaim claim) {
        return "\"" + host + "\" captures " + claim + ", which claims it; leave the host out, or move the object to"
                + " namespace " + claim.namespace();
    }

    /** What translation of other APIs asks; equal where claims and their mode are. */
    public Owners owners() {
        return claims.isEmpty()
                ? Owners.NONE
                : new Claimed(claims, options.mode() == Mode.ENFORCE, options.rootNamespace());
    }

    private record Claimed(HostClaims claims, boolean enforced, String rootNamespace) implements Owners {
        @Override
        public Optional<Captured> captured(String host, String namespace) {
            return namespace.equals(rootNamespace)
                    ? Optional.empty()
                    : claims.captured(host.toLowerCase(Locale.ROOT), namespace)
                            .map(claim -> new Captured(message(host, claim), enforced));
        }
    }

    /**
     * The state after a change of what is valid.
     *
     * @param before the objects that were valid before it
     */
    public Step apply(ConfigStore before, ConfigStore.Change change) {
        MeshConfig.Ownership asked = asked(change);
        OwnershipOptions now = settings.with(asked);
        boolean namespaces = !now.equals(options) || touches(change, Ownership::isNamespace);
        if (now.mode() == Mode.OFF && options.mode() == Mode.OFF) {
            return new Step(this, change);
        }
        if (!namespaces) {
            return claims.isEmpty() && refusals.isEmpty()
                    ? new Step(this, change)
                    : judge(before, change, captors(change.changed()));
        }
        ClaimReader.Read read = read(now, change.store().objects());
        Ownership next = new Ownership(settings, asked, read.claims(), read.problems(), refusals);
        boolean same = read.claims().equals(claims) && now.mode() == options.mode();
        Collection<Config<?>> judged =
                captors(same ? change.changed() : change.store().objects());
        List<Diagnostic> told = new ArrayList<>(change.diagnostics());
        read.problems().stream().filter(each -> !claimProblems.contains(each)).forEach(told::add);
        return next.judge(
                before, new ConfigStore.Change(change.store(), change.changed(), change.removed(), told), judged);
    }

    /** What MeshConfig says after a change. */
    private MeshConfig.Ownership asked(ConfigStore.Change change) {
        return touches(change, key -> MeshConfigMap.isOne(key, settings.rootNamespace()))
                ? MeshConfigMap.inForce(
                                change.store()::object,
                                settings.rootNamespace(),
                                MeshConfig.newBuilder().setOwnership(mesh).build())
                        .getOwnership()
                : mesh;
    }

    private static boolean touches(ConfigStore.Change change, Predicate<ObjectKey> keys) {
        return change.changed().stream().map(Config::key).anyMatch(keys)
                || change.removed().stream().anyMatch(keys);
    }

    private static boolean isNamespace(ObjectKey key) {
        return key.kind().equals(Kind.NAMESPACE);
    }

    private static List<Config<?>> captors(Collection<Config<?>> objects) {
        return objects.stream()
                .filter(config -> CapturedHosts.KINDS.contains(config.key().kind()))
                .toList();
    }

    private Step judge(ConfigStore before, ConfigStore.Change change, Collection<Config<?>> judged) {
        Outcome outcome = new Outcome(change, refusals);
        for (Config<?> config : judged) {
            List<Diagnostic> problems = check(config);
            if (problems.stream().noneMatch(problem -> problem.severity() == Severity.ERROR)) {
                outcome.admit(config, problems);
            } else {
                outcome.refuse(config, problems, lastAdmitted(before, config.key()));
            }
        }
        Ownership next = new Ownership(
                settings,
                mesh,
                claims,
                claimProblems,
                Collections.unmodifiableSortedMap(new TreeMap<>(outcome.refusals)));
        return new Step(next, outcome.change(change.store()));
    }

    /** What was in force of an object before this change; only if it is fine by the claims of now. */
    private Admitted lastAdmitted(ConfigStore before, ObjectKey key) {
        Refusal refusal = refusals.get(key);
        Optional<Config<?>> last =
                refusal == null ? before.object(key) : Optional.<Config<?>>ofNullable(refusal.admitted());
        boolean fine = last.isPresent()
                && check(last.get()).stream().noneMatch(problem -> problem.severity() == Severity.ERROR);
        return new Admitted(fine ? last.get() : null, last.isPresent());
    }

    /**
     * The last admitted version of an object.
     *
     * @param config null where there is none that is still fine
     * @param was    something was in force
     */
    private record Admitted(@Nullable Config<?> config, boolean was) {}

    /** What becomes of a change, object by object. */
    private static final class Outcome {
        private final SortedMap<ObjectKey, Config<?>> changed = new TreeMap<>();
        private final Set<ObjectKey> removed;
        private final List<Diagnostic> found;
        private final Map<ObjectKey, Refusal> refusals;

        Outcome(ConfigStore.Change change, SortedMap<ObjectKey, Refusal> refusals) {
            change.changed().forEach(config -> changed.put(config.key(), config));
            this.removed = new TreeSet<>(change.removed());
            this.found = new ArrayList<>(change.diagnostics());
            this.refusals = new TreeMap<>(refusals);
            change.removed().forEach(this.refusals::remove);
        }

        void admit(Config<?> config, List<Diagnostic> warnings) {
            if (refusals.remove(config.key()) != null) {
                changed.put(config.key(), config);
            }
            found.addAll(warnings);
        }

        void refuse(Config<?> config, List<Diagnostic> problems, Admitted last) {
            ObjectKey key = config.key();
            changed.remove(key);
            if (last.config() == null && last.was()) {
                removed.add(key);
            }
            refusals.put(key, new Refusal(last.config(), problems));
            found.addAll(problems);
        }

        ConfigStore.Change change(ConfigStore store) {
            return new ConfigStore.Change(store, List.copyOf(changed.values()), removed, List.copyOf(found));
        }
    }
}
