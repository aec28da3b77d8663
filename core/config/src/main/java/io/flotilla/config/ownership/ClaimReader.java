package io.flotilla.config.ownership;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.Origin;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.validate.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads claims from the mesh's settings and from the annotation of namespaces. */
final class ClaimReader {
    /** On a Namespace: the hosts that are its own, comma separated. */
    static final String ANNOTATION = "flotilla.io/owned-hosts";

    private static final String PATH = "metadata.annotations." + ANNOTATION;
    private static final Comparator<Config<?>> OLDEST =
            Comparator.<Config<?>, java.time.Instant>comparing(Config::created).thenComparing(Config::name);

    private final OwnershipOptions options;
    private final List<HostClaim> claims = new ArrayList<>();
    private final Map<String, HostClaim> byHost = new HashMap<>();
    private final List<Diagnostic> problems = new ArrayList<>();

    ClaimReader(OwnershipOptions options) {
        this.options = options;
    }

    /** What was read. */
    record Read(HostClaims claims, List<Diagnostic> problems) {}

    /** The older namespace has a host that two claim. */
    Read read(Collection<? extends Config<?>> namespaces) {
        for (String claim : options.claims()) {
            int slash = claim.indexOf('/');
            if (slash < 1) {
                problem(Origin.NONE, "", "", "\"" + claim + "\" is no claim: NAMESPACE/HOST");
            } else {
                claim(claim.substring(0, slash).strip(), claim.substring(slash + 1), Origin.NONE, "", "");
            }
        }
        namespaces.stream().sorted(OLDEST).forEach(this::read);
        return new Read(HostClaims.of(claims), List.copyOf(problems));
    }

    private void read(Config<?> namespace) {
        for (String host : namespace.annotations().getOrDefault(ANNOTATION, "").split(",", -1)) {
            if (!host.isBlank()) {
                claim(
                        namespace.name(),
                        host,
                        namespace.origin(),
                        namespace.key().toString(),
                        PATH);
            }
        }
    }

    private void claim(String namespace, String given, Origin origin, String object, String path) {
        String host = Hostnames.resolve(given.strip().toLowerCase(Locale.ROOT), namespace, options.domainSuffix());
        if (host.equals("*") || !Names.isWildcardHost(host)) {
            problem(
                    origin,
                    object,
                    path,
                    "\"" + given.strip() + "\" is no host that can be owned: a host name, or"
                            + " one with a leading wildcard such as \"*.example.com\"");
            return;
        }
        HostClaim claim = new HostClaim(namespace, host, origin);
        HostClaim before = byHost.putIfAbsent(host, claim);
        if (before == null) {
            claims.add(claim);
        } else if (!before.namespace().equals(namespace)) {
            problems.add(new Diagnostic(
                    Severity.WARNING,
                    "FL0693",
                    origin,
                    object,
                    path,
                    "\"" + host + "\" stays with namespace " + before.namespace() + ", which claimed it before; take"
                            + " one of the claims away"));
        }
    }

    private void problem(Origin origin, String object, String path, String message) {
        problems.add(new Diagnostic(Severity.WARNING, "FL0692", origin, object, path, message));
    }
}
