package io.flotilla.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a file with a program is for, by its ELF header (elf(5): e_ident, e_machine). */
public final class ProgramFile {
    private static final int HEADER = 20;
    private static final int MACHINE = 18;
    private static final int X86_64 = 62;
    private static final int AARCH64 = 183;

    private ProgramFile() {}

    /** "amd64", "arm64", or empty for anything else. */
    public static String architecture(Path file) throws IOException {
        byte[] header;
        try (InputStream in = Files.newInputStream(file)) {
            header = in.readNBytes(HEADER);
        }
        if (header.length < HEADER || header[0] != 0x7f || header[1] != 'E' || header[2] != 'L' || header[3] != 'F') {
            return "";
        }
        return switch (Byte.toUnsignedInt(header[MACHINE]) | Byte.toUnsignedInt(header[MACHINE + 1]) << Byte.SIZE) {
            case X86_64 -> "amd64";
            case AARCH64 -> "arm64";
            default -> "";
        };
    }
}
