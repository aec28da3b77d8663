package io.flotilla.config.snapshot;

import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** The objects of kind Revocation, put together. */
final class Revocations {
    private static final Comparator<Revoked.IssuedBefore> ORDER =
            Comparator.comparing(Revoked.IssuedBefore::identity).thenComparing(Revoked.IssuedBefore::time);

    private Revocations() {}

    static Revoked of(ObjectTable objects) {
        List<Config<Revocation>> all = List.copyOf(objects.all(Kind.REVOCATION, Revocation.class));
        List<Revoked.IssuedBefore> before = all.stream()
                .map(Config::spec)
                .filter(Revocation::hasIssuedBefore)
                .map(Revocation::getIssuedBefore)
                .map(each -> new Revoked.IssuedBefore(
                        each.getIdentity(), Instant.ofEpochSecond(each.getTime().getSeconds())))
                .distinct()
                .sorted(ORDER)
                .toList();
        return new Revoked(
                sorted(all, Revocation::hasIdentity, Revocation::getIdentity),
                sorted(
                        all,
                        Revocation::hasCertificate,
                        each -> new BigInteger(each.getCertificate().getSerial(), 16).toString(16)),
                before,
                all.stream()
                        .filter(each -> each.spec().getDrain())
                        .map(each ->
                                Instant.ofEpochSecond(each.spec().getRevokedAt().getSeconds()) + " " + each.name())
                        .max(Comparator.naturalOrder())
                        .orElse(""));
    }

    private static List<String> sorted(
            List<Config<Revocation>> all,
            java.util.function.Predicate<Revocation> which,
            Function<Revocation, String> what) {
        return all.stream()
                .map(Config::spec)
                .filter(which)
                .map(what)
                .distinct()
                .sorted()
                .toList();
    }
}
