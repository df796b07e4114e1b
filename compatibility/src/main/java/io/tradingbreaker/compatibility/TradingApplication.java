package io.tradingbreaker.compatibility;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Trades on a venue that fills every order. */
@SpringBootApplication
public class TradingApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(TradingApplication.class, arguments);
    }
}
