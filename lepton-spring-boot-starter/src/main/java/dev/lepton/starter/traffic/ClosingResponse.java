package dev.lepton.starter.traffic;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * Says {@code Connection: close} while the unit leaves, decided as late as a header can still be
 * set: when the application first asks for the body. So a request that came before the drain and is
 * answered within it ends its connection, too.
 */
final class ClosingResponse extends HttpServletResponseWrapper {

    private final HttpServletRequest request;
    private final RequestGate gate;

    ClosingResponse(HttpServletRequest request, HttpServletResponse response, RequestGate gate) {
        super(response);
        this.request = request;
        this.gate = gate;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        closeConnectionIfLeaving();
        return super.getOutputStream();
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        closeConnectionIfLeaving();
        return super.getWriter();
    }

    @Override
    public void flushBuffer() throws IOException {
        closeConnectionIfLeaving();
        super.flushBuffer();
    }

    @Override
    public void sendError(int status) throws IOException {
        closeConnectionIfLeaving();
        super.sendError(status);
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        closeConnectionIfLeaving();
        super.sendError(status, message);
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        closeConnectionIfLeaving();
        super.sendRedirect(location);
    }

    void closeConnectionIfLeaving() {
        if (gate.endsConnections() && !isCommitted()) {
            closeConnection(request, this);
        }
    }

    /** HTTP/2 has no such header; there the server says goodbye by itself when it stops. */
    static void closeConnection(HttpServletRequest request, HttpServletResponse response) {
        if (request.getProtocol().startsWith("HTTP/1")) {
            response.setHeader("Connection", "close");
        }
    }
}
