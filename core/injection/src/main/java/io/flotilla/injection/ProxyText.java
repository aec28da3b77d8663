package io.flotilla.injection;

import com.google.protobuf.Message;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.MessageReader;
import io.flotilla.config.schema.Problems;
import io.flotilla.config.yaml.YamlFile;
import io.flotilla.config.yaml.YamlNode;
import io.flotilla.config.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;

/**
 * A ProxyConfig as text: the annotation of a pod.
 *
 * @param config   what it says
 * @param problems what cannot be read; the text then says nothing
 */
public record ProxyText(ProxyConfig config, List<String> problems) {
    public ProxyText {
        problems = List.copyOf(problems);
    }

    /** The value of proxy.istio.io/config. */
    static ProxyText ofPod(String text) {
        List<String> problems = new ArrayList<>();
        ProxyConfig read = read(text, ProxyConfig.getDefaultInstance(), problems);
        return new ProxyText(problems.isEmpty() ? read : ProxyConfig.getDefaultInstance(), problems);
    }

    static <T extends Message> T read(String text, T type, List<String> problems) {
        YamlFile file = new YamlReader().read("proxy config", text);
        file.broken().forEach(broken -> problems.add(broken.message()));
        if (!problems.isEmpty() || file.documents().isEmpty()) {
            return type;
        }
        YamlNode root = file.documents().getFirst().root();
        Problems found = new Problems("proxy config", "", root);
        T read = new MessageReader(found, false).read(type, root, FieldPath.ROOT);
        found.found().stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .map(Diagnostic::message)
                .forEach(problems::add);
        return read;
    }
}
