"""What the table and the layers are trained to minimise."""
from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

TEMPERATURE = 0.05
COSINE_WEIGHT, RANKING_WEIGHT, CONTRAST_WEIGHT = 2.0, 1.0, 0.3


@dataclass(frozen=True)
class Losses:
    """Scalars. `total` is their weighted sum and carries the gradient."""

    total: Tensor
    cosine: float
    ranking: float
    contrast: float


def losses(queries: Tensor, passages: Tensor, teacher_queries: Tensor, teacher_passages: Tensor) -> Losses:
    """Row i of each belongs to pair i; all four [n, d], unit rows; the teacher's are constants.

    cosine: each vector near the teacher's (Reimers and Gurevych, 2020, section 2).
    ranking: KL of the teacher's distribution over the batch's passages from the student's, for each
        query (Hinton et al., 2015, section 2, at temperature 0.05).
    contrast: InfoNCE, the own passage against the batch's others (van den Oord et al., 2018, section 2.3).
    """
    cosine = ((1 - (queries * teacher_queries).sum(1)).mean()
              + (1 - (passages * teacher_passages).sum(1)).mean())
    scores = queries @ passages.T / TEMPERATURE
    teacher_scores = teacher_queries @ teacher_passages.T / TEMPERATURE
    ranking = F.kl_div(F.log_softmax(scores, 1), F.log_softmax(teacher_scores, 1),
                       log_target=True, reduction="batchmean")
    contrast = F.cross_entropy(scores, torch.arange(len(scores)))
    total = COSINE_WEIGHT * cosine + RANKING_WEIGHT * ranking + CONTRAST_WEIGHT * contrast
    return Losses(total, cosine.item(), ranking.item(), contrast.item())
