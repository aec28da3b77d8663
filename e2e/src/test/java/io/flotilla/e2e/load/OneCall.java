package io.flotilla.e2e.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A client to be run inside a pod, where no other tool can be relied on.
 *
 * <pre>
 * http HOST PORT PATH [NAME:VALUE]...   prints the status and the body; 0 is no answer
 * times HOST PORT PATH COUNT AT_ONCE    prints a line for each call: the status and a body of one line
 * line HOST PORT [LINE]                 prints the first line that a server-first server sends, or what it answers to a line
 * </pre>
 */
public final class OneCall {
    private static final int TIMEOUT_MILLIS = 30_000;

    private OneCall() {}

    public static void main(String[] arguments) throws IOException {
        String host = arguments[1];
        int port = Integer.parseInt(arguments[2]);
        if (arguments[0].equals("line")) {
            System.out.println(answers(host, port, arguments.length > 3 ? arguments[3] : ""));
            return;
        }
        Call call = Call.get(host, port, arguments[3]);
        if (arguments[0].equals("times")) {
            times(call, Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]));
            return;
        }
        for (int i = 4; i < arguments.length; i++) {
            String[] header = arguments[i].split(":", 2);
            call = call.with(header[0], header[1]);
        }
        Answer answer = HttpConnection.once(call);
        System.out.println(answer.status());
        System.out.println(answer.status() == 0 ? answer.error() : answer.body());
    }

    private static void times(Call call, int count, int atOnce) {
        List<Callable<Answer>> calls = Collections.nCopies(count, () -> HttpConnection.once(call));
        try (ExecutorService workers = Executors.newFixedThreadPool(atOnce)) {
            for (Future<Answer> each : workers.invokeAll(calls)) {
                Answer answer = each.resultNow();
                String text = answer.status() == 0 ? answer.error() : answer.body();
                System.out.println(answer.status() + " " + text.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // A server's greeting; where a line is given, what it answers to that after its greeting.
    private static String answers(String host, int port, String line) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            BufferedReader from =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String heard = from.readLine();
            if (heard != null && !line.isEmpty()) {
                socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
                heard = from.readLine();
            }
            return heard == null ? "closed" : heard;
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }
}
