import math

import torch
from torch import Tensor

FORMATS = ("xyxy", "xywh", "cxcywh")


def convert(boxes: Tensor, source: str, target: str, height: int, width: int) -> Tensor:
    if source not in FORMATS or target not in FORMATS:
        raise ValueError(f"formats are {FORMATS}")
    size = torch.tensor([width, height], dtype=boxes.dtype)
    first, second = boxes[:, :2], boxes[:, 2:]
    if source == "xyxy":
        corner, extent = first, second - first
    elif source == "xywh":
        corner, extent = first, second
    else:
        extent = second * size
        corner = first * size - extent / 2
    if target == "xyxy":
        return torch.cat([corner, corner + extent], dim=1)
    if target == "xywh":
        return torch.cat([corner, extent], dim=1)
    return torch.cat([(corner + extent / 2) / size, extent / size], dim=1)


def one_stage_outputs(height: int, width: int, strides: list[int], anchors: int, classes: int) -> tuple[int, int]:
    cells = sum(math.ceil(height / stride) * math.ceil(width / stride) for stride in strides)
    return cells * anchors, cells * anchors * (4 + 1 + classes)


def two_stage_outputs(
    height: int, width: int, stride: int, anchors: int, kept: int, classes: int
) -> tuple[int, int, int]:
    boxes = math.ceil(height / stride) * math.ceil(width / stride) * anchors
    second = min(kept, boxes) * (classes + 1 + 4 * classes)
    return boxes, boxes * 5, second


def detections(
    boxes: Tensor, objectness: Tensor, scores: Tensor, keep: float, most: int
) -> tuple[Tensor, Tensor, Tensor]:
    confidence, classes = (torch.sigmoid(objectness)[:, None] * torch.softmax(scores, dim=1)).max(dim=1)
    order = confidence.argsort(descending=True)
    order = order[confidence[order] >= keep][:most]
    return boxes[order], confidence[order], classes[order]


def annotations(images: list[dict], objects: list[dict], names: list[str]) -> dict[str, list[tuple[str, list[float]]]]:
    files = {image["id"]: image["file_name"] for image in images}
    found = {image["file_name"]: [] for image in images}
    for item in objects:
        if not item["iscrowd"]:
            x, y, w, h = item["bbox"]
            found[files[item["image_id"]]].append((names[item["category_id"] - 1], [x, y, x + w, y + h]))
    return found


def to_library(boxes: Tensor, labels: Tensor, library: str, height: int, width: int) -> dict[str, Tensor]:
    if library == "torchvision":
        return {"boxes": boxes.clone(), "labels": labels + 1}
    if library == "detectron2":
        return {"gt_boxes": boxes.clone(), "gt_classes": labels.clone()}
    if library == "tensorflow":
        sides = torch.tensor([height, width, height, width], dtype=boxes.dtype)
        return {"groundtruth_boxes": boxes[:, [1, 0, 3, 2]] / sides, "groundtruth_classes": labels + 1}
    raise ValueError(library)


def choose_detector(task: dict) -> dict:
    enlarge = max(1, math.ceil(8 / task["smallest"]))
    stride = max(s for s in (4, 8, 16, 32) if 2 * s <= enlarge * task["smallest"])
    threshold = task["false_alarm"] / (task["false_alarm"] + task["miss"])
    times = [task["one_stage_ms"] * enlarge**2, task["two_stage_ms"] * enlarge**2]
    stages = 2 if times[1] <= task["frame_ms"] else 1 if times[0] <= task["frame_ms"] else 0
    return {"enlarge": enlarge, "stride": stride, "threshold": threshold, "stages": stages}
