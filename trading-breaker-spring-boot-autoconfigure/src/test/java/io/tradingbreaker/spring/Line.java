package io.tradingbreaker.spring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A port on loopback that forwards to another one, until it is cut: then it swallows all, and nobody is told. */
public final class Line implements AutoCloseable {

    private final ServerSocket listening;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean isCut;

    public Line(int port) {
        this(port, () -> {});
    }

    /** @param first is done before each connection is forwarded */
    public Line(int port, Runnable first) {
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(() -> {
            while (true) {
                Socket near = listening.accept();
                first.run();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.addAll(List.of(near, far));
                start(() -> copy(near, far));
                start(() -> copy(far, near));
            }
        });
    }

    public int port() {
        return listening.getLocalPort();
    }

    public void cut() {
        isCut = true;
    }

    /** For new connections. */
    public void mend() {
        isCut = false;
    }

    private void copy(Socket from, Socket to) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] bytes = new byte[8192];
        boolean wasCut = false;
        for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
            wasCut |= isCut;
            if (!wasCut) {
                out.write(bytes, 0, n);
            }
        }
        to.close();
    }

    private static void start(Transfer transfer) {
        Thread thread = new Thread(() -> {
            try {
                transfer.run();
            } catch (IOException e) {
                // One side has closed.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private interface Transfer {
        void run() throws IOException;
    }
}
