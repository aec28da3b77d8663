package io.flotilla.bookinfo.mysql;

import io.flotilla.bookinfo.mysql.Packets.Reader;
import io.flotilla.bookinfo.mysql.Packets.Writer;
import io.flotilla.bookinfo.socket.Place;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a MySQL that knows mysql_native_password (every 5.7, an 8 where it is turned on).
 *
 * @param database that is used
 */
public record MySqlClient(Place place, String user, String password, String database) {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int CAPABILITIES = 1 | 8 | 0x200 | 0x8000 | 0x80000;
    private static final int LARGEST = 1 << 24;
    private static final int UTF8MB4 = 45;
    private static final int QUERY = 3;
    private static final int QUIT = 1;
    private static final int OK = 0;
    private static final int SWITCH = 0xfe;
    private static final int ERROR = 0xff;
    private static final int SHORT_PACKET = 9;

    /** A text as a statement has it, in quotes. */
    public static String quoted(String text) {
        return Guestbook.quoted(text);
    }

    /** Runs statements on one connection and gives what the last one gives. */
    public Rows run(String... statements) throws IOException {
        return place.ask(PATIENCE, (in, out) -> {
            Packets packets = new Packets(in, out);
            login(packets);
            Rows rows = Rows.NONE;
            for (String statement : statements) {
                packets.begin();
                packets.write(new Writer()
                        .integer(QUERY, 1)
                        .raw(statement.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                packets.flush();
                rows = rows(packets);
            }
            packets.begin();
            packets.write(new Writer().integer(QUIT, 1));
            packets.flush();
            return rows;
        });
    }

    private void login(Packets packets) throws IOException {
        Reader greeting = read(packets);
        greeting.integer(1);
        greeting.terminated();
        greeting.integer(4);
        ByteArrayOutputStream salt = new ByteArrayOutputStream();
        salt.writeBytes(greeting.bytes(8));
        greeting.bytes(1 + 2 + 1 + 2 + 2 + 1 + 10);
        salt.writeBytes(greeting.bytes(NativePassword.SALT - 8));
        byte[] proof = NativePassword.proof(password, salt.toByteArray());
        packets.write(new Writer()
                .integer(CAPABILITIES, 4)
                .integer(LARGEST, 4)
                .integer(UTF8MB4, 1)
                .zeros(23)
                .terminated(user)
                .integer(proof.length, 1)
                .raw(proof)
                .terminated(database)
                .terminated(NativePassword.NAME));
        packets.flush();
        Reader answer = read(packets);
        if (answer.kind() == SWITCH) {
            answer.integer(1);
            String method = answer.terminated();
            if (!method.equals(NativePassword.NAME)) {
                throw new IOException("mysql wants " + method + " of user " + user + ", not " + NativePassword.NAME);
            }
            packets.write(new Writer().raw(NativePassword.proof(password, answer.bytes(NativePassword.SALT))));
            packets.flush();
            answer = read(packets);
        }
        if (answer.kind() != OK) {
            throw new IOException("mysql answers a login with " + answer.kind());
        }
    }

    private static Rows rows(Packets packets) throws IOException {
        Reader first = read(packets);
        if (first.kind() == OK) {
            return Rows.NONE;
        }
        int count = (int) first.lengthEncoded();
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Reader definition = read(packets);
            for (int skipped = 0; skipped < 4; skipped++) {
                definition.text((int) definition.lengthEncoded());
            }
            columns.add(definition.text((int) definition.lengthEncoded()));
        }
        read(packets);
        List<List<String>> rows = new ArrayList<>();
        for (Reader row = read(packets); !ends(row); row = read(packets)) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                values.add(row.text((int) row.lengthEncoded()));
            }
            rows.add(values);
        }
        return new Rows(columns, rows);
    }

    private static boolean ends(Reader packet) {
        return packet.kind() == SWITCH && packet.left() < SHORT_PACKET;
    }

    private static Reader read(Packets packets) throws IOException {
        Reader packet = packets.read();
        if (packet.kind() == ERROR) {
            packet.integer(1);
            throw new IOException("mysql says " + packet.integer(2) + " " + packet.text(packet.left()));
        }
        return packet;
    }
}
