package io.flotilla.citadel;

import io.flotilla.identity.ServiceAccount;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Settings read into what they mean; what is wrong is told with the setting's name. */
final class Settings {
    private Settings() {}

    static Path path(String setting, Optional<String> value) {
        return value.map(Path::of)
                .orElseThrow(() -> new IllegalStateException("flotilla." + setting
                        + " is not set (environment FLOTILLA_"
                        + setting.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_') + ")"));
    }

    static ServiceAccount account(String setting, String text) {
        String[] parts = text.strip().split("/", -1);
        Optional<ServiceAccount> account =
                parts.length == 2 ? ServiceAccount.parse(parts[0], parts[1]) : Optional.empty();
        return account.orElseThrow(
                () -> new IllegalStateException("flotilla." + setting + ": \"" + text + "\" is not NAMESPACE/ACCOUNT"));
    }
}
