package io.flotilla.cli;

import io.flotilla.images.Base;
import io.flotilla.images.BaseKind;
import io.flotilla.images.BuiltImage;
import io.flotilla.images.ImageBuilder;
import io.flotilla.images.ImagePlan;
import io.flotilla.images.ImagePlans;
import io.flotilla.images.ProgramFile;
import io.flotilla.images.RegistryRules;
import io.flotilla.images.Target;
import io.flotilla.mesh.state.CacheFolder;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "images",
        description = {
            "Builds the images that deploy/kustomize and the sidecar injector name, without a container engine.",
            "Credentials are those of \"docker login\" or \"podman login\"."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla images --to registry.example.com/mesh          builds and pushes all of them",
            "  flotilla images --tar build/images                      a file each, for docker load or ctr import",
            "  flotilla images --to localhost:5000/flotilla --only pilot,galley",
            "  flotilla images --tar out --base java=registry.example.com/jre:25 --base init=tar:iptables.tar"
        })
final class ImagesCommand implements Callable<Integer> {
    @Option(
            names = "--to",
            paramLabel = "REGISTRY/PREFIX",
            description = "Push them there, as REGISTRY/PREFIX/pilot:TAG and so on.")
    private @Nullable String to;

    @Option(
            names = "--tar",
            paramLabel = "DIR",
            description = "Write them there, as pilot.tar and so on, named flotilla/pilot:TAG.")
    private @Nullable Path tar;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "Those alone, of citadel, galley, pilot, mixer, sidecar-injector, gateway, proxy-init.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--base",
            paramLabel = "KIND=IMAGE",
            description = {
                "What they stand on, a name or tar:FILE (docker save), by kind:",
                "java, the services: Java 25 on the PATH and glibc; eclipse-temurin:25-jre;",
                "gateway: the same, by default what java is;",
                "init, proxy-init: sh, sed, tr and iptables;",
                "cr.l5d.io/linkerd/proxy-init:v2.4.3."
            })
    private Map<String, String> bases = new LinkedHashMap<>();

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            defaultValue = VersionCommand.VERSION,
            description = "(default: ${DEFAULT-VALUE})")
    private String tag;

    @Option(
            names = "--arch",
            paramLabel = "amd64|arm64",
            description = "Of the machines that run them (default: this machine's).")
    private @Nullable String architecture;

    @Option(
            names = "--envoy",
            paramLabel = "FILE",
            description = "The Envoy of the gateway's image (default: the one that flotilla up uses).")
    private @Nullable Path envoy;

    @Option(
            names = "--insecure-registry",
            paramLabel = "HOST[:PORT]",
            description = "May speak HTTP, or show a certificate that nobody vouches for; loopback always may.")
    private List<String> insecure = new ArrayList<>();

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        output.allow("json");
        Target target = target();
        Map<BaseKind, Base> standing = bases();
        ImageBuilder builder = new ImageBuilder(settings(), this::say);
        List<BuiltImage> built = new ArrayList<>();
        for (String name : chosen()) {
            ImagePlan plan = plan(name);
            try {
                built.add(builder.build(
                        plan,
                        standing.getOrDefault(plan.kind(), Base.of(plan.kind().usual())),
                        target));
            } catch (IOException e) {
                throw (CommandFailure) CommandFailure.couldNotRun(String.valueOf(e.getMessage()))
                        .initCause(e);
            }
        }
        show(built);
        return ExitCode.DONE;
    }

    private Target target() {
        if (to != null && tar == null) {
            return new Target.Registry(to.replaceFirst("/+$", ""));
        }
        if (tar != null && to == null) {
            return new Target.Folder(tar);
        }
        throw CommandFailure.couldNotRun("say where images go, one of --to REGISTRY/PREFIX and --tar DIR");
    }

    private List<String> chosen() {
        List<String> names = ImagePlans.names();
        for (String name : only) {
            if (!names.contains(name)) {
                throw CommandFailure.couldNotRun(
                        "there is no image \"" + name + "\"; images are " + String.join(", ", names));
            }
        }
        return only.isEmpty() ? names : names.stream().filter(only::contains).toList();
    }

    private Map<BaseKind, Base> bases() {
        Map<BaseKind, Base> chosen = new EnumMap<>(BaseKind.class);
        bases.forEach((text, image) -> chosen.put(kind(text), Base.of(image)));
        Base java = chosen.get(BaseKind.JAVA);
        if (java != null) {
            chosen.putIfAbsent(BaseKind.GATEWAY, java);
        }
        return chosen;
    }

    private static BaseKind kind(String text) {
        return Stream.of(BaseKind.values())
                .filter(kind -> kind.text().equals(text))
                .findFirst()
                .orElseThrow(() -> CommandFailure.couldNotRun("there is no kind of base \"" + text + "\"; kinds are "
                        + Stream.of(BaseKind.values()).map(BaseKind::text).collect(Collectors.joining(", "))));
    }

    private ImageBuilder.Settings settings() {
        Map<String, String> environment = System.getenv();
        return new ImageBuilder.Settings(
                tag,
                architecture(),
                CacheFolder.of(environment).resolve("images"),
                new RegistryRules(Set.copyOf(insecure)),
                environment);
    }

    private String architecture() {
        String here = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String wanted = architecture == null ? here : architecture;
        if (!List.of("amd64", "arm64").contains(wanted)) {
            throw CommandFailure.couldNotRun("--arch " + wanted + " is neither amd64 nor arm64");
        }
        return wanted;
    }

    private ImagePlan plan(String name) throws IOException {
        try {
            return ImagePlans.of(name, new ImagePlans.Sources(Installation.home(), this::findEnvoy));
        } catch (NoSuchFileException e) {
            throw CommandFailure.couldNotRun(
                    e.getFile() + " is missing; run ./flotilla without FLOTILLA_NO_BUILD to build it");
        }
    }

    private Path findEnvoy() throws IOException {
        Path binary = envoy == null ? EnvoyPathCommand.envoy(spec) : envoy;
        String found = ProgramFile.architecture(binary);
        if (!found.equals(architecture())) {
            throw CommandFailure.couldNotRun(
                    binary + " is " + (found.isEmpty() ? "no program for Linux" : "for " + found) + ", the image for "
                            + architecture() + "; --envoy FILE names another one");
        }
        return binary;
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
    }

    private void show(List<BuiltImage> built) {
        if (output.json()) {
            output.printJson(
                    spec,
                    Map.of("images", built.stream().map(ImagesCommand::tree).toList()));
            return;
        }
        Table table = new Table("IMAGE", "DIGEST", tar == null ? "" : "FILE");
        built.forEach(image -> table.row(image.image(), image.digest(), image.file()));
        spec.commandLine().getOut().print(table);
        spec.commandLine().getOut().flush();
    }

    private static Map<String, Object> tree(BuiltImage image) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", image.name());
        tree.put("image", image.image());
        tree.put("digest", image.digest());
        tree.put("id", image.id());
        if (!image.file().isEmpty()) {
            tree.put("file", image.file());
        }
        return tree;
    }
}
