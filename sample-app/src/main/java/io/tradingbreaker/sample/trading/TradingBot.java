package io.tradingbreaker.sample.trading;

import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.sample.execution.Trader;
import io.tradingbreaker.sample.execution.UnsupportedOrderException;
import io.tradingbreaker.sample.jupiter.Quote;
import io.tradingbreaker.sample.jupiter.QuoteService;
import io.tradingbreaker.sample.jupiter.Side;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.solana.Token;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Quotes, decides and orders on several threads: buys a little below the price's moving average, sells a little above it.
 * While trading is paused its questions are refused, so it waits by itself. Thread-safe.
 */
final class TradingBot implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TradingBot.class);
    private static final double WEIGHT = 0.05;
    private static final int ROUNDS_TO_AN_ORDER = 3;
    private static final long OLDEST_SLOTS = 25;

    private final TraderProperties properties;
    private final QuoteService quotes;
    private final Trader trader;
    private final TradingDesk desk;
    private final Portfolio portfolio;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    TradingBot(TraderProperties properties, QuoteService quotes, Trader trader, TradingDesk desk, Portfolio portfolio) {
        this.properties = properties;
        this.quotes = quotes;
        this.trader = trader;
        this.desk = desk;
        this.portfolio = portfolio;
    }

    @Override
    public void start() {
        running = true;
        long restingNanos = properties.restingInterval().toNanos();
        launch("desk", restingNanos, desk::work);
        if (properties.enabled()) {
            long roundNanos = 1_000_000_000L * properties.threads() / properties.roundsPerSecond();
            for (int i = 0; i < properties.threads(); i++) {
                Token token = Token.TRADED.get(i % Token.TRADED.size());
                launch("trader-" + (i + 1), roundNanos, new Rounds(token)::next);
            }
        }
    }

    /** Interrupts what hangs in a call. */
    @Override
    public void stop() {
        running = false;
        threads.forEach(Thread::interrupt);
        threads.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void launch(String name, long periodNanos, Runnable turn) {
        Thread thread = new Thread(() -> repeat(periodNanos, turn), name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** A turn that took too long is not made up for. */
    private void repeat(long periodNanos, Runnable turn) {
        long due = System.nanoTime();
        while (running) {
            try {
                turn.run();
            } catch (TradingPausedException | NodeException | OrderRejectedException | UnsupportedOrderException e) {
                log.trace("No trade", e);
            } catch (RuntimeException e) {
                log.error("A trader's turn failed", e);
            }
            due = Math.max(due + periodNanos - System.nanoTime(), 0) + System.nanoTime();
            while (running && due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    /** One thread's view of its market. */
    private final class Rounds {

        private final Token token;
        private final long lot;
        private double average;
        private long count;

        Rounds(Token token) {
            this.token = token;
            lot = token.units(new BigDecimal(token == Token.SOL ? "0.1" : "10"));
        }

        void next() {
            long slot = trader.slot();
            Quote quote = quotes.toBuy(token, lot);
            if (slot - quote.slot() > OLDEST_SLOTS) {
                return; // The quote service is behind the chain.
            }
            double price = quote.price().doubleValue();
            average = average == 0 ? price : average + WEIGHT * (price - average);
            if (++count % ROUNDS_TO_AN_ORDER != 0) {
                return;
            }
            if (price <= average) {
                desk.place(token, Side.BUY, lot, null);
            } else if (portfolio.free(token) >= lot) {
                desk.place(token, Side.SELL, lot, null);
            }
        }
    }
}
