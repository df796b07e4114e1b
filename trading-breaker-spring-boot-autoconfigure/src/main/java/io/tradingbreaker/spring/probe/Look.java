package io.tradingbreaker.spring.probe;

import java.time.Duration;

/**
 * Looks at one endpoint. Used by one thread at a time; {@link #close} may come while a look is under way, from another
 * thread, and ends it.
 */
public interface Look extends AutoCloseable {

    /**
     * Asks the endpoint once. Blocks for no longer than the timeout, in which all requests of this look must end; an interrupt
     * ends it at once. Of what it throws only the class is shown, as a message may hold secrets: what people should
     * read belongs into a {@link Sight}.
     *
     * @throws java.util.concurrent.TimeoutException if no answer came in time. Looks in a row that throw are measured as
     *     one wait, which ends with the next {@link Sight}
     */
    Sight look(Duration timeout) throws Exception;

    /** Gives back connections and threads. */
    @Override
    void close();
}
