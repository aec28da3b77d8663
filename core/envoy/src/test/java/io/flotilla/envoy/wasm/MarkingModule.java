package io.flotilla.envoy.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The smallest module of use, for the proxy-wasm ABI 0.2.1: it adds a request header whose value is its own
 * configuration. Put together by hand from the sections of the binary format, as no compiler stands here.
 */
final class MarkingModule {
    private static final int I32 = 0x7f;
    /** Where the host puts the configuration: behind what the module itself uses. */
    private static final int HEAP = 4096;
    /** Of the configuration: its address, and after that its size. */
    private static final int ADDRESS = 16;

    private static final int SIZE = 20;
    private static final int HEADER = 32;
    private static final int CONFIGURATION_OF_PLUGIN = 7;

    private MarkingModule() {}

    /** The module that adds this header. */
    static byte[] adding(String header) {
        Bytes module = new Bytes().raw(0, 'a', 's', 'm', 1, 0, 0, 0);
        module.section(
                1,
                vector(List.of(
                        type(0, false), type(2, true), type(3, true), type(5, true), type(1, true), type(2, false))));
        module.section(2, vector(List.of(imported("proxy_get_buffer_bytes"), imported("proxy_add_header_map_value"))));
        // Of the functions below, the types in their order.
        module.section(3, vector(List.of(one(0), one(4), one(5), one(1), one(2))));
        module.section(5, vector(List.of(new Bytes().raw(0, 1))));
        module.section(
                7,
                vector(List.of(
                        exported("memory", 2, 0),
                        exported("proxy_abi_version_0_2_1", 0, 2),
                        exported("malloc", 0, 3),
                        exported("proxy_on_context_create", 0, 4),
                        exported("proxy_on_configure", 0, 5),
                        exported("proxy_on_request_headers", 0, 6))));
        module.section(
                10,
                vector(List.of(
                        body(new Bytes()),
                        body(constant(HEAP)),
                        body(new Bytes()),
                        body(configure()),
                        body(mark(header.length())))));
        module.section(
                11,
                vector(List.of(
                        new Bytes().raw(0).all(constant(HEADER)).raw(0x0b).text(header))));
        return module.bytes();
    }

    // get_buffer_bytes(7, 0, size, &address, &size); return true
    private static Bytes configure() {
        return constant(CONFIGURATION_OF_PLUGIN)
                .all(constant(0))
                .raw(0x20, 1)
                .all(constant(ADDRESS))
                .all(constant(SIZE))
                .raw(0x10, 0, 0x1a)
                .all(constant(1));
    }

    // add_header_map_value(request headers, header, its length, *address, *size); continue
    private static Bytes mark(int length) {
        return constant(0)
                .all(constant(HEADER))
                .all(constant(length))
                .all(load(ADDRESS))
                .all(load(SIZE))
                .raw(0x10, 1, 0x1a)
                .all(constant(0));
    }

    private static Bytes constant(int value) {
        return new Bytes().raw(0x41).signed(value);
    }

    private static Bytes load(int address) {
        return constant(address).raw(0x28, 2, 0);
    }

    private static Bytes type(int parameters, boolean result) {
        Bytes type = new Bytes().raw(0x60).unsigned(parameters);
        for (int i = 0; i < parameters; i++) {
            type.raw(I32);
        }
        return result ? type.raw(1, I32) : type.raw(0);
    }

    // Both that are called take five numbers and return one.
    private static Bytes imported(String name) {
        return new Bytes().text("env").text(name).raw(0, 3);
    }

    private static Bytes exported(String name, int kind, int index) {
        return new Bytes().text(name).raw(kind, index);
    }

    private static Bytes body(Bytes code) {
        Bytes whole = new Bytes().raw(0).all(code).raw(0x0b);
        return new Bytes().unsigned(whole.bytes().length).all(whole);
    }

    private static Bytes one(int value) {
        return new Bytes().raw(value);
    }

    private static Bytes vector(List<Bytes> items) {
        Bytes vector = new Bytes().unsigned(items.size());
        items.forEach(vector::all);
        return vector;
    }

    /** What is written so far. */
    private static final class Bytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Bytes raw(int... values) {
            Arrays.stream(values).forEach(out::write);
            return this;
        }

        Bytes all(Bytes other) {
            out.writeBytes(other.bytes());
            return this;
        }

        Bytes text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            unsigned(utf8.length);
            out.writeBytes(utf8);
            return this;
        }

        void section(int id, Bytes content) {
            raw(id).unsigned(content.bytes().length).all(content);
        }

        Bytes unsigned(int value) {
            int rest = value;
            while (rest > 0x7f) {
                out.write((rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
            return this;
        }

        Bytes signed(int value) {
            int rest = value;
            while (rest > 0x3f) {
                out.write((rest & 0x7f) | 0x80);
                rest >>= 7;
            }
            out.write(rest);
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
