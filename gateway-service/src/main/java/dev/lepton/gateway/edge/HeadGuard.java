package dev.lepton.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches the bytes of heads before they are parsed, for what cannot be seen afterwards: a header
 * that is folded over several lines (RFC 9112 5.2) has become an ordinary one, of several lengths
 * one may be left, and how long a head takes is not known before it is complete. Heads go to the
 * codec one by one; where each body ends follows from what the codec made of its head.
 */
final class HeadGuard extends ChannelInboundHandlerAdapter {

    private static final int GOES_ON = -1;
    private static final int FOLDED = -2;
    private static final int CRLF = 2;
    private static final long NO_DIGIT_YET = -1;

    private enum Part {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        TRAILER
    }

    private final RequestGuard requests;
    private final long limitNanos;

    private Part part = Part.HEAD;
    private int lines;
    private int lineLength;

    /** Bytes to the end of a body or chunk, or what is read of a chunk's size. */
    private long rest;

    private boolean sizeEnded;
    private @Nullable ScheduledFuture<?> deadline;

    HeadGuard(RequestGuard requests, Duration headerTimeout) {
        this.requests = requests;
        this.limitNanos = headerTimeout.toNanos();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stopDeadline();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopDeadline();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            while (bytes.isReadable() && !requests.refuses()) {
                pass(context, bytes);
            }
        } finally {
            bytes.release();
        }
        boolean headBegan = part == Part.HEAD && (lines > 0 || lineLength > 0);
        if (headBegan && deadline == null && !requests.refuses()) {
            lookLater(context);
        }
    }

    private void pass(ChannelHandlerContext context, ByteBuf bytes) {
        boolean head = part == Part.HEAD;
        int end = head ? endOfHead(bytes) : endOfBody(bytes);
        if (end == FOLDED) {
            requests.refuse(Refusal.FOLDED_HEADER);
            return;
        }
        int to = end == GOES_ON ? bytes.writerIndex() : end;
        boolean headEnds = head && end != GOES_ON;
        if (headEnds) {
            requests.expect(lines - 1);
            lines = 0;
            stopDeadline();
        }
        context.fireChannelRead(bytes.readRetainedSlice(to - bytes.readerIndex()));
        if (headEnds) {
            bodyBegins();
        }
    }

    private void bodyBegins() {
        if (requests.isBodyOpen()) {
            rest = requests.bodyLength();
            part = rest < 0 ? Part.CHUNK_SIZE : Part.BODY;
        }
    }

    private int endOfHead(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (lines > 0 && lineLength == 0 && isBlank(bytes.getByte(at))) {
                return FOLDED;
            }
            at = endOfLine(bytes, at);
            if (at == GOES_ON) {
                return GOES_ON;
            }
            boolean empty = isEmptyLine();
            if (empty && lines > 0) {
                return at;
            }
            lines += empty ? 0 : 1;
        }
        return GOES_ON;
    }

    private int endOfBody(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            switch (part) {
                case HEAD -> {
                    return at;
                }
                case BODY, CHUNK -> {
                    int step = (int) Math.min(rest, bytes.writerIndex() - at);
                    rest -= step;
                    at += step;
                    if (rest == 0) {
                        part = part == Part.BODY ? Part.HEAD : Part.CHUNK_SIZE;
                        rest = NO_DIGIT_YET;
                    }
                }
                case CHUNK_SIZE -> readSize(bytes.getByte(at++));
                case TRAILER -> {
                    at = endOfLine(bytes, at);
                    if (at == GOES_ON) {
                        return GOES_ON;
                    }
                    if (isEmptyLine()) {
                        part = Part.HEAD;
                    }
                }
            }
        }
        return part == Part.HEAD ? at : GOES_ON;
    }

    /** Reads as the codec does, which refuses what is no size. */
    private void readSize(byte b) {
        if (b == HttpConstants.LF) {
            part = rest > 0 ? Part.CHUNK : Part.TRAILER;
            rest += CRLF;
            sizeEnded = false;
            return;
        }
        int digit = Character.digit(b, 16);
        if (digit < 0) {
            sizeEnded = sizeEnded || rest != NO_DIGIT_YET || !isBlank(b);
        } else if (!sizeEnded && rest <= Integer.MAX_VALUE) {
            rest = Math.max(rest, 0) * 16 + digit;
        }
    }

    /** Where the next line begins, if this one ends here. */
    private int endOfLine(ByteBuf bytes, int at) {
        int end = bytes.indexOf(at, bytes.writerIndex(), HttpConstants.LF);
        lineLength += (end < 0 ? bytes.writerIndex() : end) - at;
        return end < 0 ? GOES_ON : end + 1;
    }

    /** Of a line that has ended; the next one begins. */
    private boolean isEmptyLine() {
        boolean empty = lineLength <= 1;
        lineLength = 0;
        return empty;
    }

    private static boolean isBlank(byte b) {
        return b == HttpConstants.SP || b == HttpConstants.HT;
    }

    private void lookLater(ChannelHandlerContext context) {
        deadline =
                context.executor().schedule(() -> look(context), limitNanos, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        deadline = null;
        if (requests.isBusy()) {
            // Until the request before is answered, nothing is read.
            lookLater(context);
        } else {
            requests.refuse(Refusal.HEADER_TIMEOUT);
        }
    }

    private void stopDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
