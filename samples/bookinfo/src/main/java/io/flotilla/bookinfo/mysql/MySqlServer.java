package io.flotilla.bookinfo.mysql;

import io.flotilla.bookinfo.http.Activity;
import io.flotilla.bookinfo.mysql.Packets.Reader;
import io.flotilla.bookinfo.mysql.Packets.Writer;
import io.flotilla.bookinfo.socket.SocketServer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Speaks MySQL's protocol, first as every MySQL does: a greeting with a salt, before the client has said a word. Behind it
 * is one table, {@link Guestbook}: a stand-in on one machine, and no database.
 */
public final class MySqlServer implements SocketServer.Conversation {
    private static final int PROTOCOL = 10;
    private static final int UTF8MB4 = 45;
    private static final int LONG_PASSWORD = 1;
    private static final int WITH_DATABASE = 8;
    private static final int PROTOCOL_41 = 0x200;
    private static final int SECURE = 0x8000;
    private static final int PLUGIN_AUTH = 0x80000;
    private static final int CAPABILITIES = LONG_PASSWORD | WITH_DATABASE | PROTOCOL_41 | SECURE | PLUGIN_AUTH;
    private static final int AUTOCOMMIT = 2;
    private static final int FIRST_PART = 8;
    private static final int QUIT = 1;
    private static final int USE = 2;
    private static final int QUERY = 3;
    private static final int PING = 14;
    private static final int DENIED = 1045;
    private static final int SYNTAX = 1064;
    private static final int UNKNOWN_COMMAND = 1047;
    private static final int TEXT = 0xfd;

    private final String password;
    private final Guestbook book = new Guestbook();
    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger connections = new AtomicInteger();

    /** A server that knows one password, of whatever user; empty for none. */
    public MySqlServer(String password) {
        this.password = password;
    }

    @Override
    public void hold(InputStream in, OutputStream out, Activity turn) throws IOException {
        Packets packets = new Packets(in, out);
        byte[] salt = salt();
        packets.write(greeting(salt));
        packets.flush();
        try {
            if (!admitted(packets, salt)) {
                return;
            }
            for (boolean more = true; more; ) {
                Reader command = packets.read();
                turn.begins();
                try {
                    more = answer(command, packets);
                    packets.flush();
                } finally {
                    turn.ends();
                }
            }
        } catch (EOFException e) {
            // Whoever looks whether the port is open goes without a word.
        }
    }

    // No zeros: it is sent as a text that a zero ends.
    private byte[] salt() {
        byte[] salt = new byte[NativePassword.SALT];
        for (int i = 0; i < salt.length; i++) {
            salt[i] = (byte) (1 + random.nextInt(126));
        }
        return salt;
    }

    private Writer greeting(byte[] salt) {
        return new Writer()
                .integer(PROTOCOL, 1)
                .terminated("5.7.0-flotilla-sample")
                .integer(connections.incrementAndGet(), 4)
                .raw(java.util.Arrays.copyOf(salt, FIRST_PART))
                .zeros(1)
                .integer(CAPABILITIES & 0xffff, 2)
                .integer(UTF8MB4, 1)
                .integer(AUTOCOMMIT, 2)
                .integer(CAPABILITIES >>> 16, 2)
                .integer(NativePassword.SALT + 1, 1)
                .zeros(10)
                .raw(java.util.Arrays.copyOfRange(salt, FIRST_PART, salt.length))
                .zeros(1)
                .terminated(NativePassword.NAME);
    }

    private boolean admitted(Packets packets, byte[] salt) throws IOException {
        Reader login = packets.read();
        login.bytes(4 + 4 + 1 + 23);
        String user = login.terminated();
        byte[] proof = login.bytes((int) login.integer(1));
        boolean good = MessageDigest.isEqual(proof, NativePassword.proof(password, salt));
        packets.write(good ? ok(0) : error(DENIED, "Access denied for user '" + user + "'"));
        packets.flush();
        return good;
    }

    /** Whether the conversation goes on. */
    private boolean answer(Reader command, Packets packets) throws IOException {
        int kind = (int) command.integer(1);
        switch (kind) {
            case QUIT -> {
                return false;
            }
            case PING, USE -> packets.write(ok(0));
            case QUERY -> query(command.text(command.left()), packets);
            default -> packets.write(error(UNKNOWN_COMMAND, "Unknown command " + kind));
        }
        return true;
    }

    private void query(String statement, Packets packets) throws IOException {
        try {
            Rows rows = book.run(statement);
            if (rows.columns().isEmpty()) {
                packets.write(ok(1));
                return;
            }
            packets.write(new Writer().lengthEncoded(rows.columns().size()));
            for (String column : rows.columns()) {
                packets.write(definition(column));
            }
            packets.write(end());
            for (List<String> row : rows.rows()) {
                Writer values = new Writer();
                row.forEach(values::counted);
                packets.write(values);
            }
            packets.write(end());
        } catch (IllegalArgumentException e) {
            packets.write(error(SYNTAX, e.getMessage() == null ? "no such statement" : e.getMessage()));
        }
    }

    private static Writer definition(String column) {
        return new Writer()
                .counted("def")
                .counted("")
                .counted("guestbook")
                .counted("guestbook")
                .counted(column)
                .counted(column)
                .lengthEncoded(0x0c)
                .integer(UTF8MB4, 2)
                .integer(1024, 4)
                .integer(TEXT, 1)
                .integer(0, 2)
                .integer(0, 1)
                .zeros(2);
    }

    private static Writer ok(int rows) {
        return new Writer()
                .integer(0, 1)
                .lengthEncoded(rows)
                .lengthEncoded(0)
                .integer(AUTOCOMMIT, 2)
                .integer(0, 2);
    }

    private static Writer end() {
        return new Writer().integer(0xfe, 1).integer(0, 2).integer(AUTOCOMMIT, 2);
    }

    private static Writer error(int code, String message) {
        return new Writer()
                .integer(0xff, 1)
                .integer(code, 2)
                .raw(("#42000" + message).getBytes(StandardCharsets.UTF_8));
    }
}
