package io.flotilla.service;

import java.util.Optional;

/** Who we are now. It changes while the process runs: ask each time, keep nothing. */
@FunctionalInterface
public interface CurrentIdentity {
    /** Empty until there is a first one. */
    Optional<IdentityMaterial> current();

    /** For those who may only be called once there is one. */
    default IdentityMaterial required() {
        return current().orElseThrow(() -> new IllegalStateException("this process has no certificate yet"));
    }
}
