package io.flotilla.config.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.flotilla.config.documents.DiagnosticShapes.Shape;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.MessageReader;
import io.flotilla.config.schema.Problems;
import io.flotilla.config.yaml.YamlNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every diagnostic that reading and validation can give is given by some document. */
class EveryDiagnosticTest {
    private static final Path SOURCES =
            Path.of(System.getProperty("flotilla.root"), "core/config/src/main/java/io/flotilla/config");
    private static final List<String> PARTS = List.of("schema", "object", "validate", "yaml");

    @Test
    void isGivenBySomeDocument() throws IOException {
        List<String> findings = new ArrayList<>();
        DocumentFolder.files("", ".yaml")
                .forEach(file -> add(DocumentFolder.read(file).allProblems(), findings));
        large().forEach(text -> add(
                new ObjectReader(ReadOptions.DEFAULT).read("large.yaml", text).allProblems(), findings));
        add(brokenTime(), findings);
        List<String> unseen = new ArrayList<>();
        for (String part : PARTS) {
            List<Shape> shapes = DiagnosticShapes.in(SOURCES.resolve(part));
            assertThat(shapes).as(part).isNotEmpty();
            shapes.stream()
                    .filter(shape -> findings.stream().noneMatch(shape::matches))
                    .map(shape -> part + "/" + shape.place() + " " + shape.code() + " " + shape.message())
                    .forEach(unseen::add);
        }
        assertThat(unseen).as("diagnostics that no invalid document shows").isEmpty();
    }

    private static void add(List<Diagnostic> problems, List<String> findings) {
        problems.forEach(problem -> findings.add(problem.code() + " " + problem));
    }

    /** Documents that are wrong by their size alone. */
    private static List<String> large() {
        String routes =
                "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: a}, spec: {hosts: [a], ";
        String api = "{apiVersion: gateway.networking.k8s.io/v1, kind: ";
        return List.of(
                "x".repeat(9 << 20),
                "x".repeat(3 << 20),
                "a: \uFFFD",
                "{apiVersion: v1, kind: Namespace, metadata: {name: " + "a".repeat(300) + "}}",
                "{apiVersion: v1, kind: Namespace, metadata: {name: a, annotations: {a: " + "x".repeat(300_000) + "}}}",
                routes.replace("[a]", "[" + "a, ".repeat(5_000) + "a]") + "}}",
                routes + "gateways: [" + "a/b/c, ".repeat(200) + "a]}}",
                routes + "http: [{match: [" + "{uri: {regex: 'a{9}{999}'}}, ".repeat(20) + "{}]}]}}",
                api + "HTTPRoute, metadata: {name: a}, spec: {rules: [{filters: [{type: RequestHeaderModifier,"
                        + " requestHeaderModifier: {set: [{name: a, value: " + "x".repeat(5_000) + "}]}}]}]}}",
                api + "GRPCRoute, metadata: {name: a}, spec: {rules: [{matches: [{method: {service: "
                        + "x".repeat(1_100) + "}}]}]}}",
                api + "Gateway, metadata: {name: a}, spec: {gatewayClassName: a, listeners: [{name: a, port: 443,"
                        + " protocol: HTTPS, tls: {certificateRefs: [{name: a}], options: {a.example.com/b: "
                        + "x".repeat(5_000) + "}}}]}}",
                "{apiVersion: config.istio.io/v1alpha2, kind: template, metadata: {name: a}, spec: {descriptor: "
                        + "x".repeat(1_100_000) + "}}",
                "{apiVersion: security.flotilla.io/v1, kind: KeySet, metadata: {name: a}, spec: {uri: 'https://a.b', jwks: "
                        + "x".repeat(1_100_000) + "}}",
                routes + "http: [{directResponse: {status: 200, body: {string: " + "x".repeat(1_100_000) + "}}}]}}");
    }

    /** A time that is none. */
    private static List<Diagnostic> brokenTime() {
        YamlNode node = new YamlNode.Text("soon", true, 1);
        Problems problems = new Problems("time.yaml", "Event a/b", node);
        new MessageReader(problems, true).read(Timestamp.getDefaultInstance(), node, FieldPath.ROOT.field("at"));
        return problems.found();
    }
}
