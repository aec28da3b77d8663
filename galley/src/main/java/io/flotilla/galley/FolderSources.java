package io.flotilla.galley;

import io.flotilla.galley.source.Source;
import io.flotilla.galley.source.SourceFactory;
import io.flotilla.galley.watch.FolderSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The directories of flotilla.config-dir. */
@ApplicationScoped
class FolderSources implements SourceFactory {
    private final GalleySettings settings;

    FolderSources(GalleySettings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<Source> create() {
        List<Path> roots =
                settings.configDir().orElse(List.of()).stream().map(Path::of).toList();
        return roots.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new FolderSource(roots, settings.settle(), settings.rescan(), settings.configConfirmAfter()));
    }
}
