package io.flotilla.discovery.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import io.flotilla.discovery.Resource;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContentsTest {
    @Test
    void whoAsksLaterGetsTheSameBytesInFewerPieces() {
        Contents contents = contents(1_000, 40);

        sameBytesInPieces(() -> contents.delta(() -> "1"), 1_000, 1);
        sameBytesInPieces(contents::world, 2_000, 1);
    }

    @Test
    void aPieceIsNoLargerThanAMessageButForWhatIsAlone() {
        Contents contents = contents(20, 100 << 10);

        sameBytesInPieces(() -> contents.delta(() -> ""), 20, 10);
        sameBytesInPieces(contents(3, 300 << 10)::world, 6, 6);
    }

    @Test
    void namesAreOneListForAll() {
        Contents contents = contents(3, 10);

        assertThat(contents.names()).containsExactly("r0", "r1", "r2").isSameAs(contents.names());
        assertThat(Contents.NONE.names()).isEmpty();
        assertThat(Contents.NONE.delta(() -> "")).isEqualTo(Contents.NONE.delta(() -> ""));
    }

    private static void sameBytesInPieces(Supplier<List<ByteString>> asking, int first, int later) {
        List<ByteString> alone = asking.get();
        List<ByteString> second = asking.get();
        List<ByteString> third = asking.get();

        assertThat(alone).hasSize(first);
        assertThat(second).hasSize(later);
        assertThat(third).isSameAs(second);
        assertThat(ByteString.copyFrom(second)).isEqualTo(ByteString.copyFrom(alone));
    }

    private static Contents contents(int count, int size) {
        return new Contents(IntStream.range(0, count)
                .mapToObj(i -> Resource.of("r" + i, StringValue.of("x".repeat(size))))
                .toList());
    }
}
