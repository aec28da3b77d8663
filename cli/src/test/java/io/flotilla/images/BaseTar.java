package io.flotilla.images;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A base in a file: a user, a variable, an entry point and one file of its own. */
final class BaseTar {
    private BaseTar() {}

    static Path create(Path folder) throws Exception {
        Path file = folder.resolve("base.tar");
        Path content = Files.writeString(folder.resolve("os-release"), "ID=none\n");
        Jib.fromScratch()
                .addLayer(List.of(content), AbsoluteUnixPath.get("/etc"))
                .setUser("root")
                .setEnvironment(Map.of("PATH", "/opt/java/openjdk/bin:/bin"))
                .setEntrypoint("/entry")
                .containerize(Containerizer.to(TarImage.at(file).named("base"))
                        .setBaseImageLayersCache(folder.resolve("base-cache"))
                        .setApplicationLayersCache(folder.resolve("base-cache")));
        return file;
    }
}
