package io.flotilla.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Builds images by Jib, which needs no container engine. Nothing of the machine and of the time is in them. It writes
 * to its cache folder and the target alone, but for a base that comes from a file: that is unpacked among the system's
 * temporary files and deleted.
 */
public final class ImageBuilder {
    private static final FilePermissions READ = FilePermissions.fromOctalString("644");
    private static final FilePermissions EXECUTE = FilePermissions.fromOctalString("755");
    /** A second into the epoch, as Jib has it: some tools take 0 for "unknown". */
    private static final Instant ALWAYS = Instant.ofEpochSecond(1);

    private final Settings settings;
    private final Consumer<String> progress;

    /**
     * What holds for all images of a run.
     *
     * @param version      tag and label
     * @param architecture "amd64" or "arm64"; the system is Linux
     * @param cache        folder for layers of bases and of our own
     * @param registries   which of them may be insecure
     * @param environment  that names where credentials are
     */
    public record Settings(
            String version,
            String architecture,
            Path cache,
            RegistryRules registries,
            Map<String, String> environment) {
        public Settings {
            environment = Map.copyOf(environment);
        }
    }

    /** One that tells on its way what takes long. */
    public ImageBuilder(Settings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Builds one image.
     *
     * @throws IOException with a message for the user that says what to do
     */
    public BuiltImage build(ImagePlan plan, Base base, Target target) throws IOException, InterruptedException {
        try {
            return switch (target) {
                case Target.Registry registry -> push(plan, base, reference(registry.prefix(), plan.name()));
                case Target.Folder folder -> write(plan, base, folder.path());
            };
        } catch (InvalidImageReferenceException e) {
            throw new IOException(plan.name() + ": \"" + e.getInvalidReference() + "\" is not the name of an image", e);
        } catch (RegistryException | ExecutionException | CacheDirectoryCreationException e) {
            throw new IOException(plan.name() + ": " + BuildProblem.of(e), e);
        }
    }

    private ImageReference reference(String prefix, String name) throws InvalidImageReferenceException {
        return ImageReference.parse(prefix + "/" + name + ":" + settings.version());
    }

    private BuiltImage push(ImagePlan plan, Base base, ImageReference image)
            throws IOException, InterruptedException, InvalidImageReferenceException, RegistryException,
                    ExecutionException, CacheDirectoryCreationException {
        boolean insecure = settings.registries().mayBeInsecure(image.getRegistry());
        Containerizer there = Containerizer.to(registryImage(image));
        if (base instanceof Base.Registry registry
                && settings.registries().mayBeInsecure(parse(registry).getRegistry()) != insecure) {
            // Jib knows one rule for both registries of a build: a base is not asked for without TLS since the target
            // is.
            Path pulled = Files.createTempFile(Files.createDirectories(settings.cache()), "base", ".tar");
            try {
                Containerizer here = Containerizer.to(TarImage.at(pulled).named("base"));
                platform(from(base)).containerize(common(here, plan.name(), insecureBase(base)));
                return pushed(plan, contents(plan, base, Jib.from(TarImage.at(pulled))), there, insecure);
            } finally {
                Files.delete(pulled);
            }
        }
        return pushed(plan, contents(plan, base, from(base)), there, insecure);
    }

    private BuiltImage pushed(ImagePlan plan, JibContainerBuilder contents, Containerizer there, boolean insecure)
            throws IOException, InterruptedException, RegistryException, ExecutionException,
                    CacheDirectoryCreationException {
        return built(plan, contents.containerize(common(there, plan.name(), insecure)), "");
    }

    private BuiltImage write(ImagePlan plan, Base base, Path folder)
            throws IOException, InterruptedException, InvalidImageReferenceException, RegistryException,
                    ExecutionException, CacheDirectoryCreationException {
        Path file = Files.createDirectories(folder).resolve(plan.name() + ".tar");
        Path part = file.resolveSibling("." + plan.name() + ".tar.part");
        try {
            Containerizer there = Containerizer.to(TarImage.at(part).named(reference(ImagePlans.PREFIX, plan.name())));
            JibContainer container =
                    contents(plan, base, from(base)).containerize(common(there, plan.name(), insecureBase(base)));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return built(plan, container, file.toString());
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static BuiltImage built(ImagePlan plan, JibContainer container, String file) {
        return new BuiltImage(
                plan.name(),
                container.getTargetImage().toString(),
                container.getDigest().toString(),
                container.getImageId().toString(),
                file);
    }

    private boolean insecureBase(Base base) throws InvalidImageReferenceException {
        return base instanceof Base.Registry registry
                && settings.registries().mayBeInsecure(parse(registry).getRegistry());
    }

    private static ImageReference parse(Base.Registry base) throws InvalidImageReferenceException {
        return ImageReference.parse(base.image());
    }

    private JibContainerBuilder from(Base base) throws IOException, InvalidImageReferenceException {
        return switch (base) {
            case Base.Registry registry -> Jib.from(registryImage(parse(registry)));
            case Base.Tar tar -> {
                if (!Files.isReadable(tar.file())) {
                    throw new IOException("there is no base " + tar.file());
                }
                yield Jib.from(TarImage.at(tar.file()));
            }
        };
    }

    private RegistryImage registryImage(ImageReference reference) {
        RegistryImage image = RegistryImage.named(reference);
        CredentialRetrieverFactory credentials = CredentialRetrieverFactory.forImage(reference, event -> {});
        for (Path file : RegistryRules.credentialFiles(settings.environment())) {
            image.addCredentialRetriever(credentials.dockerConfig(file));
        }
        return image;
    }

    private JibContainerBuilder platform(JibContainerBuilder image) {
        // Docker's format and not OCI's: every engine and registry takes it, and a tar and a push have one digest.
        return image.setPlatforms(Set.of(new Platform(settings.architecture(), "linux")))
                .setFormat(ImageFormat.Docker);
    }

    private JibContainerBuilder contents(ImagePlan plan, Base base, JibContainerBuilder image) {
        platform(image)
                .setCreationTime(ALWAYS)
                .setEntrypoint(plan.run().entrypoint())
                .setUser(plan.run().user())
                .setLabels(labels(plan, base));
        plan.run().environment().forEach(image::addEnvironmentVariable);
        for (ImagePlan.Layer layer : plan.layers()) {
            FileEntriesLayer.Builder files = FileEntriesLayer.builder().setName(layer.name());
            for (ImagePlan.Entry entry : layer.entries()) {
                AbsoluteUnixPath path = AbsoluteUnixPath.get(entry.path());
                files.addEntry(entry.source(), path, entry.executable() ? EXECUTE : READ, ALWAYS);
            }
            image.addFileEntriesLayer(files.build());
        }
        return image;
    }

    /** Those of OCI's image-spec, annotations.md, that are known here. */
    private Map<String, String> labels(ImagePlan plan, Base base) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("org.opencontainers.image.title", ImagePlans.PREFIX + "/" + plan.name());
        labels.put("org.opencontainers.image.description", plan.about());
        labels.put("org.opencontainers.image.version", settings.version());
        labels.put("org.opencontainers.image.licenses", "Apache-2.0");
        if (base instanceof Base.Registry registry) {
            labels.put("org.opencontainers.image.base.name", registry.image());
        }
        return labels;
    }

    private Containerizer common(Containerizer target, String name, boolean insecure) {
        Set<String> said = ConcurrentHashMap.newKeySet();
        return target.setBaseImageLayersCache(settings.cache().resolve("bases"))
                .setApplicationLayersCache(settings.cache().resolve("layers"))
                .setToolName("flotilla")
                .setToolVersion(settings.version())
                .setAllowInsecureRegistries(insecure)
                .addEventHandler(LogEvent.class, event -> tell(event, line -> once(said, name + ": " + line)));
    }

    /** Ten attempts are one piece of news. */
    private void once(Set<String> said, String line) {
        if (said.add(line)) {
            progress.accept(line);
        }
    }

    /** What Jib says at its other levels is for those who build with it, or comes back as a failure. */
    private static void tell(LogEvent event, Consumer<String> line) {
        switch (event.getLevel()) {
            case WARN, PROGRESS -> line.accept(event.getMessage());
            case ERROR, LIFECYCLE, INFO, DEBUG -> {}
        }
    }
}
