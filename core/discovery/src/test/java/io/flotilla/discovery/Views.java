package io.flotilla.discovery;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.StringValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Small views for tests: a resource "a=1" is named a and has version 1; its content is that text. */
public final class Views {
    private static final Map<String, String> SHORT = Map.of(
            "CDS", TypeUrls.CLUSTER,
            "EDS", TypeUrls.ENDPOINT,
            "LDS", TypeUrls.LISTENER,
            "RDS", TypeUrls.ROUTE,
            "SDS", TypeUrls.SECRET,
            "VHDS", TypeUrls.VIRTUAL_HOST);

    private Views() {}

    /** "CDS a=1 b=1; EDS a=1". */
    public static View view(long sequence, String text) {
        Map<String, ResourceSet> types = new HashMap<>();
        for (String type : text.split(";", -1)) {
            String[] words = type.strip().split("\\s+", -1);
            if (!words[0].isEmpty()) {
                types.put(typeUrl(words[0]), set(Arrays.copyOfRange(words, 1, words.length)));
            }
        }
        return new View(generation(sequence), types);
    }

    /** Of the type "T": so many resources "r0", "r1", ... of so many bytes, all of them others in each generation. */
    public static View large(long sequence, int count, int bytes) {
        List<Resource> resources = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            byte[] body = new byte[bytes];
            ByteBuffer.wrap(body).putLong(sequence).putInt(n);
            resources.add(Resource.of("r" + n, BytesValue.of(ByteString.copyFrom(body))));
        }
        return new View(generation(sequence), Map.of("T", ResourceSet.of(resources)));
    }

    public static Generation generation(long sequence) {
        return new Generation(1, Map.of("s", sequence));
    }

    public static ResourceSet set(String... resources) {
        return ResourceSet.of(Arrays.stream(resources).map(Views::resource).toList());
    }

    public static Resource resource(String text) {
        String[] parts = text.split("=", -1);
        ByteString any = Any.pack(StringValue.of(text)).toByteString();
        return new Resource(parts[0], parts[1], any);
    }

    public static String typeUrl(String word) {
        return SHORT.getOrDefault(word, word);
    }

    public static String word(String typeUrl) {
        return SHORT.entrySet().stream()
                .filter(entry -> entry.getValue().equals(typeUrl))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(typeUrl);
    }

    public static String content(Any any) {
        try {
            return any.unpack(StringValue.class).getValue();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
