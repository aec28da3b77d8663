package io.flotilla.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NameIndexTest {
    @Test
    void findsWhatTheSetHas() {
        List<Resource> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            all.add(new Resource("outbound|80||svc-" + i + (i % 7 == 0 ? ".müller" : ".mesh"), "v" + i, bytes()));
        }
        ResourceSet set = ResourceSet.of(all);

        for (Resource each : all) {
            int position = set.position(Utf8.of(each.name()));

            assertThat(set.resources().get(position)).isSameAs(each);
            assertThat(set.has(position, Utf8.of(each.version()))).isTrue();
            assertThat(set.has(position, Resource.withoutStamp(Utf8.of(each.version() + "@2s"))))
                    .isTrue();
            assertThat(set.has(position, Utf8.of(each.version() + "0"))).isFalse();
            assertThat(set.position(Utf8.of(each.name() + "x"))).isEqualTo(-1);
        }
        assertThat(set.position(Utf8.of(""))).isEqualTo(-1);
        assertThat(ResourceSet.EMPTY.position(Utf8.of("a"))).isEqualTo(-1);
    }

    @Test
    void aVersionWithoutContentIsNotHad() {
        ResourceSet set = ResourceSet.told(List.of(Resource.told("a", "1")));

        assertThat(set.has(set.position(Utf8.of("a")), Utf8.of("1"))).isFalse();
    }

    @Test
    void textsAreComparedAsTheyLie() {
        byte[] message = "xxab@cd@2sxx".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Utf8 text = new Utf8(message, 2, 8);

        assertThat(text.before('@')).hasToString("ab@cd").isEqualTo(Utf8.of("ab@cd"));
        assertThat(text.before('@')).hasSameHashCodeAs(Utf8.of("ab@cd"));
        assertThat(text.after('@')).hasToString("2s");
        assertThat(text.after('#')).hasToString("");
        assertThat(text.before('#')).isEqualTo(text);
    }

    private static ByteString bytes() {
        return ByteString.copyFromUtf8("content");
    }
}
