package io.flotilla.bookinfo.redis;

import io.flotilla.bookinfo.http.Activity;
import io.flotilla.bookinfo.socket.SocketServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps texts under keys: PING, SET (whatever options follow), GET, DEL. The newest thousand, until the process ends:
 * a stand-in on one machine, with no more of Redis than sessions need.
 */
public final class RedisServer implements SocketServer.Conversation {
    private static final int MOST = 1_000;

    private final Map<String, String> texts = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    });

    @Override
    public void hold(InputStream in, OutputStream out, Activity turn) throws IOException {
        for (Optional<List<String>> words = Resp.command(in); words.isPresent(); words = Resp.command(in)) {
            turn.begins();
            try {
                answer(words.get(), out);
                out.flush();
            } finally {
                turn.ends();
            }
        }
    }

    private void answer(List<String> words, OutputStream out) throws IOException {
        String command = words.isEmpty() ? "" : words.getFirst().toUpperCase(Locale.ROOT);
        if (command.equals("PING")) {
            Resp.line(out, "+PONG");
        } else if (command.equals("SET") && words.size() >= 3) {
            texts.put(words.get(1), words.get(2));
            Resp.line(out, "+OK");
        } else if (command.equals("GET") && words.size() == 2) {
            String text = texts.get(words.get(1));
            if (text == null) {
                Resp.line(out, "$-1");
            } else {
                Resp.bulk(out, text);
            }
        } else if (command.equals("DEL") && words.size() == 2) {
            Resp.line(out, texts.remove(words.get(1)) == null ? ":0" : ":1");
        } else {
            Resp.line(out, "-ERR unknown command; there are PING, SET, GET, DEL");
        }
    }
}
