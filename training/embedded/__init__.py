"""How the embedded encoder is made: data, table, distillation, export, evaluation."""
