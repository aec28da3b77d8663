package io.flotilla.config.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Kind;
import io.flotilla.config.object.KindCatalog;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ObjectWriter;
import io.flotilla.config.object.ParsedObject;
import io.flotilla.config.object.ReadOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What was read and is written reads back as the same object, from every document that there is. */
class ObjectWriterTest {
    private static final String OBJECT = """
            apiVersion: networking.istio.io/v1alpha3
            kind: Sidecar
            metadata:
              name: s
              namespace: prod
              labels: {app: "on", long: "0x10"}
              annotations: {note: "a: b\\n# c", quoted: "\\"\\\\\\t\\u0007é€😀"}
              creationTimestamp: "2026-01-31T10:00:00Z"
              generation: 3
              resourceVersion: "12345678901234567890"
              uid: 1-2-3
              finalizers: [a/b, c]
              ownerReferences: [{kind: X, name: "y", controller: true, weight: 0.5}]
              deletionGracePeriodSeconds: null
            spec:
              egress: [{hosts: ["./*"]}]
            status:
              conditions: [{type: Ready, status: "True"}, [], {}, [[1, 2]]]
              empty: {}
            """;

    @TestFactory
    Stream<DynamicTest> readsBackWhatItWrote() {
        return DocumentFolder.files("valid-", ".yaml").stream()
                .map(file -> DynamicTest.dynamicTest(
                        DocumentFolder.ROOT.relativize(file).toString(), () -> roundTrip(file)));
    }

    private static void roundTrip(Path file) {
        for (ParsedObject object : DocumentFolder.read(file).objects()) {
            if (!object.config().key().kind().equals(Kind.SECRET)) {
                same(object, DocumentFolder.options(file));
            }
        }
    }

    private static void same(ParsedObject object, ReadOptions options) {
        for (String text : List.of(
                ObjectWriter.yaml(object.config(), object.rest()), ObjectWriter.json(object.config(), object.rest()))) {
            var read = new ObjectReader(options).read("again.yaml", text);
            assertThat(read.allProblems().stream().filter(each -> !each.code().equals("FL0026")))
                    .as(text)
                    .isEqualTo(object.problems().stream()
                            .filter(each -> !each.code().equals("FL0026"))
                            .toList());
            assertThat(read.objects()).as(text).hasSize(1);
            ParsedObject again = read.objects().getFirst();
            assertThat(again.config().spec()).as(text).isEqualTo(object.config().spec());
            assertThat(again.config())
                    .usingRecursiveComparison()
                    .ignoringFields("spec", "origin")
                    .isEqualTo(object.config());
            assertThat(again.rest()).isEqualTo(object.rest());
        }
    }

    @Test
    void nothingThatOthersNeedIsLost() {
        ParsedObject object = new ObjectReader(ReadOptions.DEFAULT)
                .read("s.yaml", OBJECT)
                .objects()
                .getFirst();
        assertThat(object.valid()).isTrue();
        same(object, ReadOptions.DEFAULT);
        assertThat(object.rest().metadata().getFieldsMap())
                .containsOnlyKeys(
                        "generation",
                        "resourceVersion",
                        "uid",
                        "finalizers",
                        "ownerReferences",
                        "deletionGracePeriodSeconds");
        assertThat(ObjectWriter.yaml(object.config(), object.rest()))
                .startsWith("apiVersion: networking.istio.io/v1\nkind: Sidecar\n")
                .contains("resourceVersion: \"12345678901234567890\"");
    }

    @Test
    void theHubIsTheNewestVersion() {
        assertThat(KindCatalog.hubVersion(Kind.VIRTUAL_SERVICE)).isEqualTo("networking.istio.io/v1");
        assertThat(KindCatalog.hubVersion(Kind.WASM_PLUGIN)).isEqualTo("extensions.istio.io/v1alpha1");
        assertThat(KindCatalog.hubVersion(Kind.DEPLOYMENT)).isEqualTo("apps/v1");
        assertThat(KindCatalog.hubVersion(Kind.SERVICE)).isEqualTo("v1");
    }

    @Test
    void theContentOfSecretsIsNotKept() {
        ParsedObject secret = new ObjectReader(ReadOptions.DEFAULT)
                .read("s.yaml", """
                        apiVersion: v1
                        kind: Secret
                        metadata:
                          name: s
                          annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"stringData": {"a": "hidden"}}', b: c}
                        data: {key: aGlkZGVu}
                        stringData: {other: hidden}
                        """)
                .objects()
                .getFirst();
        assertThat(secret.toString()).doesNotContain("hidden").doesNotContain("aGlkZGVu");
        assertThat(secret.config().annotations()).containsOnlyKeys("b");
        Struct manifest = (Struct) secret.config().spec();
        assertThat(manifest.getFieldsOrThrow("data").getStructValue().getFieldsMap())
                .containsOnlyKeys("key");
        assertThat(ObjectWriter.yaml(secret.config(), secret.rest())).contains("other: \"KGhpZGRlbik=\"");
    }
}
