package com.example.desk;

import io.tradingbreaker.Intent;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Service;

@SpringBootApplication
class Desk {

    @Service
    static class Orders {

        @LatencyGuarded("node")
        public String buy() {
            return "bought";
        }

        @LatencyGuarded(value = "node", intent = Intent.CANCEL)
        public String cancel() {
            return "cancelled";
        }
    }
}
