package io.tradingbreaker.spring.http;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/** An answer that ends its exchange when its body is read to the end, fails or is closed. Not thread-safe. */
final class GuardedResponse implements ClientHttpResponse {

    private final ClientHttpResponse response;
    private final Exchange exchange;
    private @Nullable InputStream body;

    GuardedResponse(ClientHttpResponse response, Exchange exchange) {
        this.response = response;
        this.exchange = exchange;
    }

    @Override
    public InputStream getBody() throws IOException {
        InputStream known = body;
        if (known == null) {
            try {
                known = new Body(response.getBody(), exchange, announced(response.getHeaders()));
            } catch (Throwable e) {
                exchange.failed(e);
                throw e;
            }
            body = known;
        }
        return known;
    }

    @Override
    public void close() {
        try {
            response.close();
        } finally {
            exchange.ended();
        }
    }

    @Override
    public HttpStatusCode getStatusCode() throws IOException {
        return response.getStatusCode();
    }

    @Override
    public String getStatusText() throws IOException {
        return response.getStatusText();
    }

    @Override
    public HttpHeaders getHeaders() {
        return response.getHeaders();
    }

    /** Of a body that the client unpacks, the announced length is another. */
    private static long announced(HttpHeaders headers) {
        return headers.getFirst(HttpHeaders.CONTENT_ENCODING) == null ? headers.getContentLength() : -1;
    }

    /** Notices a body that ends early, which the JDK's {@code HttpURLConnection} takes for complete. */
    private static final class Body extends FilterInputStream {

        private final Exchange exchange;
        private final long announced;
        private long seen;

        /** @param announced the least length in bytes */
        Body(InputStream body, Exchange exchange, long announced) {
            super(body);
            this.exchange = exchange;
            this.announced = announced;
        }

        @Override
        public int read() throws IOException {
            try {
                int next = super.read();
                count(next < 0 ? next : 1);
                return next;
            } catch (Throwable e) {
                exchange.failed(e);
                throw e;
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                int read = super.read(bytes, offset, length);
                count(read);
                return read;
            } catch (Throwable e) {
                exchange.failed(e);
                throw e;
            }
        }

        @Override
        public long skip(long count) throws IOException {
            try {
                long skipped = super.skip(count);
                seen += skipped;
                return skipped;
            } catch (Throwable e) {
                exchange.failed(e);
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                exchange.ended();
            }
        }

        private void count(int read) {
            if (read >= 0) {
                seen += read;
            } else if (seen < announced) {
                exchange.failed(new EOFException("the body ended after " + seen + " of " + announced + " bytes"));
            } else {
                exchange.ended();
            }
        }
    }
}
