package dev.lepton.supervisor.socketproxy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Writes to a socket, and closes it when what is written at once is not taken in time. */
final class TimelyOutput extends OutputStream {

    private final Socket socket;
    private final OutputStream out;
    private final ScheduledExecutorService timer;
    private final Duration limit;

    /**
     * @param limit of each write
     */
    TimelyOutput(Socket socket, ScheduledExecutorService timer, Duration limit) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.timer = timer;
        this.limit = limit;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Future<?> end = timer.schedule(this::end, limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            out.write(bytes, offset, length);
        } finally {
            end.cancel(false);
        }
    }

    private void end() {
        try {
            socket.close();
        } catch (IOException _) {
            // It is closed all the same.
        }
    }
}
